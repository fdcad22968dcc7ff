#pragma once

#include "runner/commands/command.hpp"

namespace runner {

/// `runner schema`: the JSON Schema of recipes, for editors.
void add_schema(CLI::App& app, Command& chosen);

}  // namespace runner
