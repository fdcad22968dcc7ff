#pragma once

#include "runner/commands/command.hpp"

namespace runner {

void add_merge(CLI::App& app, Command& chosen);

}  // namespace runner
