#pragma once

#include "runner/terminal/sweep_view.hpp"

#include <string>

namespace runner {

/// The metric's value against one parameter, a blot for each trial, the best one marked; a
/// pruned one is a ring at its last value, failed trials are marked on the axis. Numbers lie on a
/// scale, categories side by side.
std::string slice_chart(const SweepView& view, const std::string& path);

}  // namespace runner
