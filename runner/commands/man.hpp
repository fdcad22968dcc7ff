#pragma once

#include "runner/commands/command.hpp"

namespace runner {

/// `runner man [COMMAND]`, which is not in the help: manual pages, for the installation.
void add_man(CLI::App& app, Command& chosen);

}  // namespace runner
