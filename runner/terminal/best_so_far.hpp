#pragma once

#include "runner/terminal/sweep_view.hpp"

#include <string>

namespace runner {

/// The best value up to each trial as a line of steps, a blot for each trial's own value, in the
/// order of the trials' numbers; a pruned one is a ring at its last value, failed trials are marked
/// on the axis.
std::string best_so_far(const SweepView& view);

}  // namespace runner
