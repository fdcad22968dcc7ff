#pragma once

#include "runner/recipe/node.hpp"
#include "runner/recipe/problems.hpp"
#include "runner/recipe/recipe.hpp"

namespace runner {

/// Checks a recipe's tree against the registry and fills in `recipe.config` and `recipe.origins`.
void resolve(const Node& tree, Recipe& recipe, Problems& problems);

}  // namespace runner
