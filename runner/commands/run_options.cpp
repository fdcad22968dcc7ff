#include "runner/commands/run_options.hpp"

#include "runner/commands/options.hpp"
#include "runner/launch/shell_command.hpp"

#include <CLI/CLI.hpp>

namespace runner {

Verbosity RunOptions::verbosity() const {
  return json ? Verbosity::json : quiet ? Verbosity::quiet : Verbosity::automatic;
}

std::string RunOptions::command(const std::string& name) const {
  std::vector<std::string> words{"runner", name, subject};
  words.insert(words.end(), overrides.begin(), overrides.end());
  return shell_command(words);
}

std::vector<std::string> RunOptions::again(const std::string& name) const {
  std::vector<std::string> arguments{name, subject};
  arguments.insert(arguments.end(), overrides.begin(), overrides.end());
  if (database) arguments.insert(arguments.end(), {"--db", database->string()});
  if (quiet) arguments.emplace_back("--quiet");
  if (json) arguments.emplace_back("--json");
  return arguments;
}

void add_run_options(CLI::App& command, RunOptions& options, const std::string& about_overrides) {
  add_overrides(command, options.overrides, about_overrides);
  add_database(command, options.database);
  auto* quiet = command.add_flag("--quiet,-q", options.quiet, "Print nothing but errors");
  command.add_flag("--json", options.json, "One JSON object a line, as things happen")
      ->excludes(quiet);
}

}  // namespace runner
