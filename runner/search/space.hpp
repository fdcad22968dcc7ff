#pragma once

#include "runner/recipe/problems.hpp"
#include "runner/search/axis.hpp"
#include "runner/search/search.hpp"

#include <optional>
#include <string_view>

namespace runner {

constexpr std::string_view space_help = "paths of the recipe and where their values may lie";

/// The axes of a recipe's `search.space`, in the order of the text:
///   {optimizer.lr: {log_uniform: [1e-4, 1]}, model.width: {choice: [16, 32]}}.
/// Each mistake becomes a problem; empty when there is one.
std::optional<Space> read_space(const Node& space, Problems& problems);

/// Adds a problem, at `place`, where the strategy cannot search this space: a grid with real axes
/// or beyond a million points, or more axes than Sobol sequences have dimensions.
void check_strategy(const Search& search, const Space& space, const Place& place,
                    Problems& problems);

}  // namespace runner
