#pragma once

#include "runner/recipe/recipe.hpp"

#include <string>

namespace runner {

/// Every value of a recipe with where it came from, a line each.
std::string config_table(const Recipe& recipe);

}  // namespace runner
