#include "runner/commands/run.hpp"

#include "experiments/location.hpp"
#include "experiments/store.hpp"
#include "registry/datasets/datasets.hpp"
#include "runner/launch/supervisor.hpp"
#include "runner/recipe/find.hpp"
#include "runner/recipe/recipe.hpp"
#include "runner/record/describe.hpp"
#include "runner/record/run_record.hpp"
#include "runner/terminal/config_table.hpp"
#include "runner/terminal/data_report.hpp"
#include "runner/terminal/report.hpp"

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

int exit_code(Ending ending) {
  switch (ending) {
    case Ending::done:
      return 0;
    case Ending::failed:
      return 1;
    case Ending::interrupted:
      return 3;
  }
  return 1;
}

int show_plan(const Recipe& recipe, bool json) {
  if (json)
    fmt::print("{}\n", recipe.config.dump(2));
  else
    fmt::print("{}", config_table(recipe));
  return 0;
}

int train(const Recipe& recipe, const Options& options) {
  WorkerProcess worker(find_worker());  // loads LibTorch while the data are looked for
  const auto data =
      prepare_dataset(recipe.config.at("dataset"), report_preparation(options.verbosity()));
  Signals signals;
  const auto report = make_report(options.verbosity());
  RunRecord record(find_database(options.database), describe_run(recipe, data, options.command),
                   *report);
  report->started(record.id(), recipe, data);
  Supervisor supervisor(worker, signals, record);
  const auto outcome = supervisor.run({{"config", recipe.config}, {"data", to_json(data)}});
  record.finish(outcome);
  report->ended(outcome, worker.heartbeat());
  return exit_code(outcome.ending);
}

int run(const Options& options) {
  const auto recipe = read_recipe(find_recipe(options.recipe), options.overrides);
  return options.dry_run ? show_plan(recipe, options.json) : train(recipe, options);
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
