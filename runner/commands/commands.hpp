#pragma once

#include "runner/commands/command.hpp"

namespace runner {

/// Every subcommand, in the order of the help.
void add_commands(CLI::App& app, Command& chosen);

}  // namespace runner
