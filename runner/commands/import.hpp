#pragma once

#include "runner/commands/command.hpp"

namespace runner {

void add_import(CLI::App& app, Command& chosen);

}  // namespace runner
