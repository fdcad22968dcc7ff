#pragma once

#include "runner/commands/command.hpp"

namespace runner {

/// `runner components [KIND [NAME]]`: what a recipe can name, with every field.
void add_components(CLI::App& app, Command& chosen);

}  // namespace runner
