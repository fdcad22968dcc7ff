#pragma once

#include "runner/commands/command.hpp"

namespace runner {

void add_logs(CLI::App& app, Command& chosen);

}  // namespace runner
