#pragma once

#include "experiments/run.hpp"
#include "registry/datasets/prepared.hpp"
#include "runner/recipe/recipe.hpp"

#include <string>
#include <vector>

namespace runner {

/// The command as one would type it again: quoted where a shell needs it.
std::string shell_command(const std::vector<std::string>& arguments);

/// All that the store keeps of a run when it starts.
Run describe_run(const Recipe& recipe, const Prepared& data, const std::string& command);

}  // namespace runner
