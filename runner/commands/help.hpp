#pragma once

#include "runner/commands/command.hpp"

namespace runner {

/// `runner help [TOPIC...]`: the page on recipes, a command's help, or what `runner components`
/// prints.
void add_help(CLI::App& app, Command& chosen);

}  // namespace runner
