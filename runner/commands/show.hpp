#pragma once

#include "runner/commands/command.hpp"

namespace runner {

/// `runner show RUN`: one run, whole.
void add_show(CLI::App& app, Command& chosen);

}  // namespace runner
