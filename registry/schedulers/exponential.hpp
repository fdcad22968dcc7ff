#pragma once

#include "registry/schedulers/formula.hpp"

#include <cmath>

namespace runner {

/// torch.optim.lr_scheduler.ExponentialLR: base * gamma ^ n. PyTorch has no default for gamma.
struct Exponential {
  static constexpr auto summary = "multiplies the learning rate by gamma after each interval";

  double gamma = 0.95;
  std::string interval = "epoch";
  WarmUp warm_up;

  static constexpr auto fields() {
    return std::tuple{
        field("gamma", &Exponential::gamma, "factor of each change", at_least(0)),
        interval_field(&Exponential::interval),
        part(&Exponential::warm_up),
    };
  }
};

inline std::unique_ptr<Schedule> build(const Exponential& options, const Length& length) {
  return by_formula(length, options.interval,
                    [gamma = options.gamma](double base, double completed) {
                      return base * std::pow(gamma, completed);
                    });
}

}  // namespace runner
