#pragma once

#include "runner/terminal/sweep_view.hpp"

#include <string>

namespace runner {

/// The mean of the metric for each pair of values of two parameters, as a number and a shade: the
/// fuller the better. Many numbers of a parameter are put together, equally far apart; a pair that
/// was not tried is blank, one where all failed has a ×. Where numbers do not fit, shades alone.
std::string heat_map(const SweepView& view, const std::string& rows, const std::string& columns);

}  // namespace runner
