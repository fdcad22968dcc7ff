#pragma once

#include "registry/schedulers/formula.hpp"

#include <cmath>

namespace runner {

/// torch.optim.lr_scheduler.StepLR: base * gamma ^ floor(n / step_size).
struct Step {
  static constexpr auto summary =
      "multiplies the learning rate by gamma every step_size epochs, steps or samples";

  std::int64_t step_size = 1;
  double gamma = 0.1;
  std::string interval = "epoch";
  WarmUp warm_up;

  static constexpr auto fields() {
    return std::tuple{
        field("step_size", &Step::step_size, "intervals between two changes", at_least(1)),
        field("gamma", &Step::gamma, "factor of each change", at_least(0)),
        interval_field(&Step::interval),
        part(&Step::warm_up),
    };
  }
};

inline std::unique_ptr<Schedule> build(const Step& options, const Length& length) {
  const auto size = static_cast<double>(options.step_size);
  return by_formula(length, options.interval,
                    [size, gamma = options.gamma](double base, double completed) {
                      return base * std::pow(gamma, std::floor(completed / size));
                    });
}

}  // namespace runner
