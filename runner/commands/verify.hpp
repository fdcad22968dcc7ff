#pragma once

#include "runner/commands/command.hpp"

namespace runner {

/// `runner verify`: whether what is promised holds for a recipe.
void add_verify(CLI::App& app, Command& chosen);

}  // namespace runner
