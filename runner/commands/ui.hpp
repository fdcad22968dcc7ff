#pragma once

#include "runner/commands/command.hpp"

namespace runner {

/// `runner ui`: a local page with runs, their curves and sweeps.
void add_ui(CLI::App& app, Command& chosen);

}  // namespace runner
