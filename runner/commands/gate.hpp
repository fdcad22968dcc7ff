#pragma once

#include "runner/commands/command.hpp"

namespace runner {

void add_gate(CLI::App& app, Command& chosen);

}  // namespace runner
