#pragma once

#include "registry/description.hpp"
#include "runner/recipe/node.hpp"
#include "runner/recipe/problems.hpp"
#include "runner/recipe/recipe.hpp"

#include <string>
#include <vector>

namespace runner {

/// Checks a recipe's tree against the registry and fills in `recipe.config` and `recipe.origins`.
void resolve(const Node& tree, Recipe& recipe, Problems& problems);

/// The same for one section of it, which is described apart: its values. `also` are further keys of
/// the map, which the caller reads.
Json resolve_section(const std::string& key, const ComponentDescription& description,
                     const Node* given, const std::vector<std::string>& also, Problems& problems);

}  // namespace runner
