#pragma once

#include "registry/components.hpp"
#include "registry/schedulers/formula.hpp"

namespace runner {

/// Without milestones torch.optim.lr_scheduler.ChainedScheduler: each schedule takes the learning
/// rate of the one before it as its base, which is the product of their factors. With them
/// SequentialLR: each milestone hands over to the next schedule, which starts from the optimizer's
/// learning rate and its own 0. As there, reduce_on_plateau cannot be among them.
struct Chained {
  static constexpr auto summary = "several schedulers at once, or one after the other";

  Components<"scheduler"> schedulers;
  std::optional<std::vector<std::int64_t>> milestones;
  std::string interval = "epoch";
  WarmUp warm_up;

  static constexpr auto fields() {
    return std::tuple{
        field("schedulers", &Chained::schedulers, "such as [{name: step, gamma: 0.5}, constant]"),
        field("milestones", &Chained::milestones,
              "intervals after which the next scheduler takes over, one fewer than schedulers; "
              "null: all of them work at once",
              at_least(1)),
        field("interval", &Chained::interval, "what the milestones count",
              one_of<"epoch", "step", "samples">),
        part(&Chained::warm_up),
    };
  }

  std::string conflict() const;
};

std::unique_ptr<Schedule> build(const Chained& options, const Length& length);

}  // namespace runner
