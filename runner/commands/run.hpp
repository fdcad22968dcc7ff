#pragma once

#include "runner/commands/command.hpp"

namespace runner {

/// `runner run RECIPE [path=value ...]`: checks the recipe, prepares its data, trains and records.
void add_run(CLI::App& app, Command& chosen);

}  // namespace runner
