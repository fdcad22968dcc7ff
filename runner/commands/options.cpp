#include "runner/commands/options.hpp"

#include <CLI/CLI.hpp>

namespace runner {

void add_recipe(CLI::App& command, std::string& recipe) {
  command.add_option("recipe", recipe, "A recipe, e.g. recipes/mnist.yaml")->required();
}

void add_overrides(CLI::App& command, std::vector<std::string>& overrides,
                   const std::string& about) {
  command.add_option("overrides", overrides, about)->type_name("PATH=VALUE");
}

CLI::Option* add_database(CLI::App& command, std::optional<std::filesystem::path>& database) {
  return command
      .add_option("--db", database, "The database, instead of the nearest .runner/experiments.db")
      ->type_name("FILE");
}

}  // namespace runner
