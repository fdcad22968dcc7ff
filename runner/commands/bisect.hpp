#pragma once

#include "runner/commands/command.hpp"

namespace runner {

/// Adds `runner bisect` to the command line.
void add_bisect(CLI::App& app, Command& chosen);

}  // namespace runner
