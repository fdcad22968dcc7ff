#include "runner/commands/completion.hpp"

#include "runner/complete/scripts.hpp"

#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace runner {

void add_completion(CLI::App& app, Command& chosen) {
  auto shell = std::make_shared<std::string>();
  auto* command = app.add_subcommand(
      "completion", "Print what makes a shell complete commands, runs, recipes, keys and metrics");
  command->add_option("shell", *shell, "Which shell it is for")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  command->callback([shell, &chosen] {
    chosen = [shell] {
      fmt::print("{}", complete::script_for(*shell));
      return 0;
    };
  });
}

}  // namespace runner
