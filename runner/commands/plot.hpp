#pragma once

#include "runner/commands/command.hpp"

namespace runner {

/// `runner plot`: curves of runs, a sweep, a confusion matrix, or the learning rate of a recipe.
void add_plot(CLI::App& app, Command& chosen);

}  // namespace runner
