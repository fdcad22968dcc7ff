#pragma once

#include "experiments/run.hpp"
#include "registry/datasets/prepared.hpp"
#include "runner/launch/launcher.hpp"
#include "runner/recipe/recipe.hpp"

#include <string>

namespace runner {

/// All that the store keeps of a run when it starts.
Run describe_run(const Recipe& recipe, const Prepared& data, const Launch& launch,
                 const std::string& command);

/// The same when it is queued: nobody has looked for its data or started its ranks.
Run describe_run(const Recipe& recipe, const std::string& command);

}  // namespace runner
