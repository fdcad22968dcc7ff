#pragma once

#include "runner/commands/command.hpp"

namespace runner {

/// `runner validate RECIPE...`: checks recipes whole, without LibTorch.
void add_validate(CLI::App& app, Command& chosen);

}  // namespace runner
