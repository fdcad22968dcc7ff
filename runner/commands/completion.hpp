#pragma once

#include "runner/commands/command.hpp"

namespace runner {

/// `runner completion SHELL`: the script with which a shell completes what is typed.
void add_completion(CLI::App& app, Command& chosen);

}  // namespace runner
