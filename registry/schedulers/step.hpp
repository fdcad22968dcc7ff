#pragma once

#include "registry/field.hpp"
#include "registry/schedulers/schedule.hpp"

namespace runner {

/// torch.optim.lr_scheduler.StepLR: lr * gamma ^ floor(intervals / step_size).
struct Step {
  static constexpr auto summary =
      "multiplies the learning rate by gamma every step_size epochs or steps";

  std::int64_t step_size = 1;
  double gamma = 0.1;
  std::string interval = "epoch";

  static constexpr auto fields() {
    return std::tuple{
        field("step_size", &Step::step_size, "intervals between two changes", at_least(1)),
        field("gamma", &Step::gamma, "factor of each change", at_least(0)),
        field("interval", &Step::interval, "what step_size counts", one_of("epoch", "step")),
    };
  }
};

Schedule build(const Step& options);

}  // namespace runner
