#pragma once

#include "runner/commands/command.hpp"

namespace runner {

/// tag, note, rename and archive: what people say of runs.
void add_annotate(CLI::App& app, Command& chosen);

}  // namespace runner
