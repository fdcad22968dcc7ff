#pragma once

#include "experiments/details.hpp"
#include "runner/recipe/recipe.hpp"

namespace runner {

/// The run's recipe as it was resolved, with the overrides in place. Values that they leave alone
/// keep their origins.
Recipe recipe_of_run(const RunDetails& details, const std::vector<std::string>& overrides);

}  // namespace runner
