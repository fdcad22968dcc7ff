#pragma once

#include "runner/search/axis.hpp"

namespace runner {

constexpr std::int64_t largest_grid = 1'000'000;

/// How many points a space of integers and choices has; anything above largest_grid stands for
/// more. Real axes do not count.
std::int64_t grid_size(const Space& space);

/// The number-th point of the grid, from 0: the last axis turns fastest, as loops written in the
/// order of the text would. Beyond its end it begins anew.
Point grid_point(const Space& space, std::int64_t number);

}  // namespace runner
