#pragma once

#include "runner/commands/command.hpp"

namespace runner {

/// `runner plot --schedule RECIPE`: the learning rate over a run, without training.
void add_plot(CLI::App& app, Command& chosen);

}  // namespace runner
