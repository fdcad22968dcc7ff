#include "runner/commands/run.hpp"

#include "experiments/location.hpp"
#include "experiments/store.hpp"
#include "runner/commands/run_options.hpp"
#include "runner/commands/training.hpp"
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

struct Options : RunOptions {
  bool dry_run = false;
};

int show_plan(const Recipe& recipe, bool json) {
  if (json)
    fmt::print("{}\n", recipe.config.dump(2));
  else
    fmt::print("{}", config_table(recipe));
  return 0;
}

int start(const Recipe& recipe, const Options& options) {
  const auto placement = place(recipe.config.at("topology"));
  const auto environment = process_environment();
  if (calls_srun(placement, environment)) exec_srun(options.again("run"), placement);
  const auto launch = find_launch(placement, environment, visible_gpus(environment));
  return train(
      recipe, placement, launch,
      {options.command("run"), options.database, options.verbosity(), environment("RUNNER_RUN")});
}

int read_and_run(const Options& options) {
  const auto recipe = read_recipe(find_recipe(options.subject), options.overrides);
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

}  // namespace

void add_run(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<Options>();
  auto* command = app.add_subcommand("run", "Train what a recipe says, and record it");
  command->add_option("recipe", options->subject, "A recipe, e.g. recipes/mnist.yaml")->required();
  add_run_options(*command, *options, "Values in place of the recipe's: optimizer.lr=0.5");
  command->add_flag("--dry-run", options->dry_run, "Check the recipe and show what would run");
  command->callback([options, &chosen] { chosen = [options] { return run(*options); }; });
}

}  // namespace runner
