#pragma once

#include "runner/commands/command.hpp"

namespace runner {

/// Adds `runner batch-find` to the command line.
void add_batch_find(CLI::App& app, Command& chosen);

}  // namespace runner
