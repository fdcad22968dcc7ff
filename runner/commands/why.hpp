#pragma once

#include "runner/commands/command.hpp"

namespace runner {

void add_why(CLI::App& app, Command& chosen);

}  // namespace runner
