#pragma once

#include "registry/field.hpp"
#include "registry/schedulers/schedule.hpp"

#include <memory>

namespace runner {

/// A linear warm-up in front of a schedule, which then sees its own progress from 0: PyTorch's
/// SequentialLR([LinearLR(start_factor=warmup_start, total_iters=warmup), schedule], [warmup]).
/// It rises at every step, whatever it is counted in. Starting from 0 is what Hugging Face's
/// get_*_schedule_with_warmup do; LinearLR itself starts at 1/3.
struct WarmUp {
  std::optional<Interval> warmup;
  double warmup_start = 0;

  static constexpr auto fields() {
    return std::tuple{
        field("warmup", &WarmUp::warmup,
              "how long the learning rate first rises, linearly, to the optimizer's; null: not at "
              "all"),
        field("warmup_start", &WarmUp::warmup_start,
              "factor on the optimizer's learning rate at the first step of the warm-up",
              range(0, 1)),
    };
  }

  std::string conflict() const {
    return warmup && warmup->is_time() ? "warmup is counted in epochs, steps or samples" : "";
  }
};

/// The stretch that the warm-up leaves to the schedule behind it.
Length after(const WarmUp& options, const Length& length);

/// `then`, built for `rest`, with the warm-up in front of it.
std::unique_ptr<Schedule> warmed_up(const WarmUp& options, const Length& whole, const Length& rest,
                                    std::unique_ptr<Schedule> then);

}  // namespace runner
