#pragma once

#include "runner/commands/command.hpp"

namespace runner {

/// delete and gc: what gives room on the disk.
void add_remove(CLI::App& app, Command& chosen);

}  // namespace runner
