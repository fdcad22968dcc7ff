#pragma once

#include "runner/commands/command.hpp"

namespace runner {

void add_reproduce(CLI::App& app, Command& chosen);

}  // namespace runner
