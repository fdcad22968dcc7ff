#pragma once

#include "registry/schedulers/formula.hpp"

#include <algorithm>
#include <cmath>

namespace runner {

/// torch.optim.lr_scheduler.PolynomialLR: base * (1 - n / total_iters) ^ power, then 0. PyTorch's
/// default for total_iters is 5.
struct Polynomial {
  static constexpr auto summary = "takes the learning rate to 0 by a power of what is left";

  std::optional<std::int64_t> total_iters;
  double power = 1;
  std::string interval = "epoch";
  WarmUp warm_up;

  static constexpr auto fields() {
    return std::tuple{
        field("total_iters", &Polynomial::total_iters,
              "intervals until 0; null: the whole run after the warm-up", at_least(1)),
        field("power", &Polynomial::power, "1 is a straight line", at_least(0)),
        interval_field(&Polynomial::interval),
        part(&Polynomial::warm_up),
    };
  }
};

inline std::unique_ptr<Schedule> build(const Polynomial& options, const Length& length) {
  const auto total = or_all(options.total_iters, length, options.interval);
  return by_formula(length, options.interval,
                    [total, power = options.power](double base, double completed) {
                      return base * std::pow(1 - std::min(completed, total) / total, power);
                    });
}

}  // namespace runner
