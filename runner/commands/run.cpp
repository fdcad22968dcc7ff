#include "runner/commands/run.hpp"

#include "experiments/location.hpp"
#include "experiments/store.hpp"
#include "runner/commands/training.hpp"
#include "runner/launch/shell_command.hpp"
#include "runner/launch/srun.hpp"
#include "runner/recipe/find.hpp"
#include "runner/recipe/recipe.hpp"
#include "runner/terminal/config_table.hpp"

#include <filesystem>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace runner {
namespace {

struct Options {
  std::string recipe;
  std::vector<std::string> overrides;
  std::optional<std::filesystem::path> database;
  std::string command;
  bool dry_run = false;
  bool quiet = false;
  bool json = false;

  Verbosity verbosity() const {
    return json ? Verbosity::json : quiet ? Verbosity::quiet : Verbosity::automatic;
  }
};

int show_plan(const Recipe& recipe, bool json) {
  if (json)
    fmt::print("{}\n", recipe.config.dump(2));
  else
    fmt::print("{}", config_table(recipe));
  return 0;
}

/// This command again, as each task of a step gets it.
std::vector<std::string> arguments_again(const Options& options) {
  std::vector<std::string> arguments{"run", options.recipe};
  arguments.insert(arguments.end(), options.overrides.begin(), options.overrides.end());
  if (options.database) arguments.insert(arguments.end(), {"--db", options.database->string()});
  if (options.quiet) arguments.emplace_back("--quiet");
  if (options.json) arguments.emplace_back("--json");
  return arguments;
}

int start(const Recipe& recipe, const Options& options) {
  const auto placement = place(recipe.config.at("topology"));
  const auto environment = process_environment();
  if (calls_srun(placement, environment)) exec_srun(arguments_again(options), placement);
  const auto launch = find_launch(placement, environment, visible_gpus(environment));
  return train(recipe, placement, launch,
               {options.command, options.database, options.verbosity(), environment("RUNNER_RUN")});
}

int read_and_run(const Options& options) {
  const auto recipe = read_recipe(find_recipe(options.recipe), options.overrides);
  return options.dry_run ? show_plan(recipe, options.json) : start(recipe, options);
}

int run(const Options& options) {
  const auto queued = process_environment()("RUNNER_RUN");
  if (!queued) return read_and_run(options);
  try {
    return read_and_run(options);
  } catch (const std::exception& error) {
    // Whoever looks for the submitted run must not find it waiting for ever.
    Store::create_or_open(find_database(options.database)).give_up_queued(*queued, error.what());
    throw;
  }
}

std::string typed_command(const CLI::App& command, const Options& options) {
  std::vector<std::string> words{"runner", command.get_name(), options.recipe};
  words.insert(words.end(), options.overrides.begin(), options.overrides.end());
  return shell_command(words);
}

}  // namespace

void add_run(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<Options>();
  auto* command = app.add_subcommand("run", "Train what a recipe says, and record it");
  command->add_option("recipe", options->recipe, "A recipe, e.g. recipes/mnist.yaml")->required();
  command
      ->add_option("overrides", options->overrides,
                   "Values in place of the recipe's: optimizer.lr=0.5")
      ->type_name("PATH=VALUE");
  command
      ->add_option("--db", options->database,
                   "The database, instead of the nearest .runner/experiments.db")
      ->type_name("FILE");
  command->add_flag("--dry-run", options->dry_run, "Check the recipe and show what would run");
  auto* quiet = command->add_flag("--quiet,-q", options->quiet, "Print nothing but errors");
  command->add_flag("--json", options->json, "One JSON object a line, as things happen")
      ->excludes(quiet);
  command->callback([command, options, &chosen] {
    options->command = typed_command(*command, *options);
    chosen = [options] { return run(*options); };
  });
}

}  // namespace runner
