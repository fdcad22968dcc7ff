#pragma once

#include "registry/schedulers/formula.hpp"

#include <cmath>

namespace runner {

/// torch.optim.lr_scheduler.MultiStepLR: base * gamma ^ (milestones reached).
struct MultiStep {
  static constexpr auto summary = "multiplies the learning rate by gamma at each milestone";

  std::vector<std::int64_t> milestones;
  double gamma = 0.1;
  std::string interval = "epoch";
  WarmUp warm_up;

  static constexpr auto fields() {
    return std::tuple{
        field("milestones", &MultiStep::milestones, "intervals after which it changes, ascending",
              at_least(1)),
        field("gamma", &MultiStep::gamma, "factor of each change", at_least(0)),
        interval_field(&MultiStep::interval),
        part(&MultiStep::warm_up),
    };
  }

  std::string conflict() const {
    if (milestones.empty()) return "milestones are missing; expected a list such as [30, 80]";
    return std::ranges::is_sorted(milestones) ? "" : "milestones must ascend";
  }
};

inline std::unique_ptr<Schedule> build(const MultiStep& options, const Length& length) {
  return by_formula(length, options.interval, [options](double base, double completed) {
    const auto& milestones = options.milestones;
    const auto next = std::ranges::upper_bound(milestones, static_cast<std::int64_t>(completed));
    return base * std::pow(options.gamma, static_cast<double>(next - milestones.begin()));
  });
}

}  // namespace runner
