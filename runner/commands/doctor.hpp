#pragma once

#include "runner/commands/command.hpp"

namespace runner {

/// `runner doctor`: what of this machine, its data and the database is not as runs need it.
void add_doctor(CLI::App& app, Command& chosen);

}  // namespace runner
