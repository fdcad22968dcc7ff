#pragma once

#include "runner/terminal/sweep_view.hpp"

#include <string>
#include <vector>

namespace runner {

/// A vertical axis for each of the parameters and one for the metric, at the right with the better
/// values on top, and a line through them for each trial that has a value; that of a pruned one is
/// dotted and ends at its last value. The best are coloured;
/// of many trials they are drawn with some of the others, or without colours alone. Parameters
/// that have one value only are left out, and from the end those that do not fit, named below.
std::string parallel_coordinates(const SweepView& view, const std::vector<std::string>& parameters);

}  // namespace runner
