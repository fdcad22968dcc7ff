#pragma once

#include "runner/recipe/node.hpp"

#include <array>
#include <map>
#include <string>
#include <string_view>

namespace runner {

/// The keys of a recipe that make many runs of it; none of them is part of a run's config.
constexpr std::array<std::string_view, 4> sweep_keys{"matrix", "search", "prune", "sweep"};

bool is_sweep_key(std::string_view key);

/// What a recipe says under such keys.
using SweepPart = std::map<std::string, Node>;

/// Takes them out of the recipe.
SweepPart take_sweep_part(Node& recipe);

}  // namespace runner
