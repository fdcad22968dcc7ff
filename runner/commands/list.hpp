#pragma once

#include "runner/commands/command.hpp"

namespace runner {

/// `runner list`: the runs of the database, filtered, sorted and cut.
void add_list(CLI::App& app, Command& chosen);

}  // namespace runner
