#include "runner/commands/command_line.hpp"

#include <CLI/CLI.hpp>

namespace runner {

std::string command_line(const CLI::App& command) {
  const auto* parent = command.get_parent();
  return parent ? command_line(*parent) + " " + command.get_name() : command.get_name();
}

}  // namespace runner
