#include "runner/commands/unknown_option.hpp"

#include "experiments/nearest.hpp"
#include "runner/commands/command_line.hpp"
#include "runner/recipe/known_fields.hpp"

#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace runner {
namespace {

const CLI::App& chosen_command(const CLI::App& app) {
  const auto chosen = app.get_subcommands();
  return chosen.empty() ? app : chosen_command(*chosen.front());
}

std::vector<std::string> options_of(const CLI::App& command) {
  std::vector<std::string> names;
  for (const auto* option : command.get_options())
    for (const auto& name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

bool takes_overrides(const CLI::App& command) {
  return command.get_option_no_throw("overrides") != nullptr;
}

/// What stands behind `=`, or in the next word.
std::string value_of(const std::string& word, const std::vector<std::string>& words) {
  if (const auto equals = word.find('='); equals != word.npos) return word.substr(equals + 1);
  const auto found = std::ranges::find(words, word);
  const bool has_next = found != words.end() && found + 1 != words.end();
  const auto next = has_next ? *(found + 1) : "";
  return next.starts_with('-') || next.find('=') != next.npos ? "" : next;
}

std::string instead(const std::string& word, const CLI::App& command,
                    const std::vector<std::string>& words) {
  const auto option = word.substr(0, word.find('='));
  const auto name = option.substr(2);
  const auto close = nearest(option, options_of(command));
  const auto paths = takes_overrides(command)
                         ? suggested_paths(name, value_of(word, words), known_fields({}))
                         : "";
  const bool is_field = !paths.empty() && (paths.find(name) != paths.npos || !close);
  if (is_field) return fmt::format("did you mean {}?", paths);
  if (close) return fmt::format("did you mean {}?", *close);
  return fmt::format("{} --help lists those that there are", command_line(command));
}

}  // namespace

std::string about_unknown_option(const CLI::App& app, const std::vector<std::string>& words) {
  const auto& command = chosen_command(app);
  for (const auto& word : app.remaining(true))
    if (word.starts_with("--") && word.size() > 2)
      return fmt::format("{} has no option {}; {}", command_line(command),
                         word.substr(0, word.find('=')), instead(word, command, words));
  return "";
}

}  // namespace runner
