#pragma once

#include "runner/commands/command.hpp"

namespace runner {

/// Adds `runner lr-find` to the command line.
void add_lr_find(CLI::App& app, Command& chosen);

}  // namespace runner
