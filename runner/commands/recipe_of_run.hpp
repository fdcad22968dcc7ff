#pragma once

#include "experiments/details.hpp"
#include "runner/recipe/recipe.hpp"

namespace runner {

/// Throws UserError for a run that another program has trained.
void refuse_imported(const RunDetails& details);

/// The run's config as JSON, with null for each `mode` that nobody wrote: the metric says it anew.
/// Throws as `refuse_imported` does.
std::string stored_config(const RunDetails& details);

/// The run's recipe as it was resolved, with the overrides in place. Values that they leave alone
/// keep their origins. Throws as `refuse_imported` does.
Recipe recipe_of_run(const RunDetails& details, const std::vector<std::string>& overrides);

}  // namespace runner
