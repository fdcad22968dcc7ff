#include "runner/commands/options.hpp"

#include "experiments/quoting.hpp"
#include "experiments/say.hpp"
#include "runner/launch/launcher.hpp"
#include "runner/recipe/find.hpp"

#include <functional>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace runner {

void add_recipe(CLI::App& command, std::string& recipe) {
  command.add_option("recipe", recipe, "A recipe: a file, or a name such as mnist")->required();
}

std::string chosen_recipe(const std::string& name) {
  auto path = find_recipe(name);
  tell_recipe(name, path);
  return path;
}

void tell_recipe(const std::string& name, const std::string& path) {
  if (path != name) say("runner: the recipe {} is {}\n", name, path);
}

void tell_doubts(const std::vector<Doubt>& doubts) {
  const auto warnings = warnings_of(doubts);
  if (!speaks_for_all(process_environment())) return;
  for (const auto& warning : warnings) say("runner: WARNING: {}\n", warning);
}

void add_overrides(CLI::App& command, std::vector<std::string>& overrides,
                   const std::string& about) {
  command.add_option("overrides", overrides, about)->type_name("PATH=VALUE");
}

namespace {

CLI::Validator number(const std::string& expected, std::function<bool(double)> obeys) {
  return {[=](const std::string& text) {
            double value = 0;
            if (!CLI::detail::lexical_cast(text, value))
              return fmt::format("'{}' is no number", text);
            return obeys(value) ? "" : fmt::format("expected a number {}, not {}", expected, text);
          },
          ""};
}

}  // namespace

CLI::Validator number_at_least(double low) {
  return number(fmt::format("of at least {}", low), [=](double value) { return value >= low; });
}

CLI::Validator number_above(double low) {
  return number(fmt::format("above {}", low), [=](double value) { return value > low; });
}

CLI::Validator metric_name() {
  return {[](std::string& text) {
            text = unquoted(text);
            return std::string();
          },
          ""};
}

CLI::Option* add_database(CLI::App& command, std::optional<std::filesystem::path>& database) {
  return command
      .add_option("--db", database, "The database, instead of the nearest .runner/experiments.db")
      ->type_name("FILE");
}

}  // namespace runner
