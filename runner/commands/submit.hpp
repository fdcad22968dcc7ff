#pragma once

#include "runner/commands/command.hpp"

namespace runner {

/// `runner submit RECIPE [path=value ...]`: checks the recipe, records its run as queued, and sends
/// a job to Slurm that goes on with it.
void add_submit(CLI::App& app, Command& chosen);

}  // namespace runner
