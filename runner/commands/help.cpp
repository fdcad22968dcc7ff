#include "runner/commands/help.hpp"

#include "experiments/error.hpp"
#include "experiments/nearest.hpp"
#include "runner/commands/command_line.hpp"
#include "runner/commands/components.hpp"
#include "runner/commands/recipe_page.hpp"
#include "runner/terminal/screen.hpp"

#include <algorithm>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace runner {
namespace {

using Topic = std::vector<std::string>;

std::vector<std::string> shown_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const auto* command : app.get_subcommands({}))
    if (!command->get_group().empty()) names.push_back(command->get_name());
  return names;
}

[[noreturn]] void refuse_topic(const Topic& topic, const std::string& word,
                               const std::vector<std::string>& known) {
  throw UserError(fmt::format("there is no help on '{}'; {}", fmt::join(topic, " "),
                              what_instead(word, known)));
}

const CLI::App& command_of(const CLI::App& app, const Topic& topic) {
  const auto* command = &app;
  for (const auto& word : topic) {
    const auto names = shown_names(*command);
    if (std::ranges::find(names, word) == names.end()) refuse_topic(topic, word, names);
    command = command->get_subcommand(word);
  }
  return *command;
}

/// App::help would give that of the command which has been chosen: this one.
std::string help_text(const CLI::App& command) {
  return command.get_formatter()->make_help(&command, command_line(command),
                                            CLI::AppFormatMode::Normal);
}

std::string help_on(const CLI::App& app, const Topic& topic) {
  if (topic == Topic{"recipe"}) return recipe_page(terminal_width(stdout));
  const auto commands = shown_names(app);
  if (topic.empty() || std::ranges::find(commands, topic.front()) != commands.end())
    return help_text(command_of(app, topic));
  auto known = component_topics();
  if (topic.size() <= 2 && std::ranges::find(known, topic.front()) != known.end())
    return components_page(topic.front(), topic.size() == 2 ? topic.back() : "",
                           terminal_width(stdout));
  known.insert(known.begin(), commands.begin(), commands.end());
  known.insert(known.begin(), "recipe");
  refuse_topic(topic, topic.front(), known);
}

}  // namespace

void add_help(CLI::App& app, Command& chosen) {
  auto topic = std::make_shared<Topic>();
  auto* command = app.add_subcommand(
      "help", "Say how a recipe is made, or what a command, a component or a section does");
  command->add_option("TOPIC", *topic,
                      "recipe; a command, as in sweep show; or what components takes, as in train");
  command->callback([topic, &app, &chosen] {
    chosen = [topic, &app] {
      fmt::print("{}", help_on(app, *topic));
      return 0;
    };
  });
}

}  // namespace runner
