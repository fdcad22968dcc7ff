#include "runner/commands/run.hpp"

#include "experiments/json.hpp"
#include "experiments/location.hpp"
#include "experiments/store.hpp"
#include "runner/commands/options.hpp"
#include "runner/commands/run_options.hpp"
#include "runner/launch/srun.hpp"
#include "runner/recipe/find.hpp"
#include "runner/recipe/recipe.hpp"
#include "runner/session/training.hpp"
#include "runner/session/worker_check.hpp"
#include "runner/sweep/plan_table.hpp"
#include "runner/sweep/sweep_check.hpp"
#include "runner/sweep/sweep_plan.hpp"
#include "runner/sweep/sweep_run.hpp"
#include "runner/terminal/config_table.hpp"
#include "runner/terminal/screen.hpp"

#include <filesystem>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace runner {
namespace {

struct RunCommandOptions : RunOptions {
  bool dry_run = false;
  std::optional<int> fast_dev_run, overfit_batches;
  bool profile = false;

  Telling telling(const std::optional<std::string>& earlier_run = {}) const {
    Telling telling{command("run"), database, verbosity(), earlier_run};
    if (fast_dev_run) telling.purpose = "fast-dev-run";
    return telling;
  }

  /// What the flags stand for goes before what the user says in full.
  void turn_flags_into_overrides() {
    std::vector<std::string> values;
    if (fast_dev_run)
      values = {fmt::format("train.max_steps={}", *fast_dev_run),
                fmt::format("eval.limit_batches={}", *fast_dev_run), "eval.every=null",
                "save.every=null"};
    if (overfit_batches) {
      values.push_back(fmt::format("train.limit_batches={}", *overfit_batches));
      values.emplace_back("eval.on=train");
    }
    if (profile) values.emplace_back("profile.steps=20");
    overrides.insert(overrides.begin(), values.begin(), values.end());
  }
};

int show_plan(const Recipe& recipe, const RunCommandOptions& options) {
  if (!calls_srun(place(recipe.config.at("topology")), process_environment()))
    check_before_run(recipe, find_database(options.database));
  if (options.json)
    fmt::print("{}\n", dumped(recipe.config, 2));
  else
    fmt::print("{}", config_table(recipe));
  return 0;
}

int start(const Recipe& recipe, const RunCommandOptions& options) {
  const auto placement = place(recipe.config.at("topology"));
  const auto environment = process_environment();
  if (calls_srun(placement, environment))
    exec_srun(options.again("run"), placement, scripts_beside(find_database(options.database)));
  const auto launch = find_launch(placement, environment, visible_gpus(environment));
  return exit_code(train(recipe, placement, launch, options.telling(environment("RUNNER_RUN"))));
}

int show_plan(const SweepRecipe& sweep, const RunCommandOptions& options) {
  check_before_run(sweep, find_database(options.database));
  const auto plan = estimate(sweep, find_database(options.database));
  if (options.json)
    fmt::print("{}\n", dumped(plan_json(plan), 2));
  else
    fmt::print("{}", plan_table(plan, terminal_width(stdout)));
  return 0;
}

int start(const SweepRecipe& sweep, const RunCommandOptions& options) {
  return SweepRun(sweep, options.telling()).run();
}

std::vector<Doubt> doubts(const Recipe& recipe) { return doubts_of(recipe); }
std::vector<Doubt> doubts(const SweepRecipe& sweep) { return sweep.doubts(); }

/// A run that --fast-dev-run makes short is not doubted for its length.
void tell_doubts_of(const RunOrSweep& work, const RunCommandOptions& options) {
  auto all = std::visit([](const auto& it) { return doubts(it); }, work);
  if (options.fast_dev_run)
    std::erase_if(all, [](const Doubt& doubt) { return doubt.path != "train.batch_size"; });
  if (options.verbosity() == Verbosity::quiet)
    warnings_of(all);
  else
    tell_doubts(all);
}

int read_and_run(const RunCommandOptions& options) {
  const auto path = find_recipe(options.subject);
  const auto work = read_run_or_sweep(path, options.overrides);
  // What one run prints begins with its recipe.
  const bool tells_it = !options.dry_run && std::holds_alternative<Recipe>(work);
  if (!tells_it && options.verbosity() != Verbosity::quiet) tell_recipe(options.subject, path);
  tell_doubts_of(work, options);
  return std::visit(
      [&](const auto& it) { return options.dry_run ? show_plan(it, options) : start(it, options); },
      work);
}

int run(const RunCommandOptions& options) {
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
  auto options = std::make_shared<RunCommandOptions>();
  auto* command = app.add_subcommand("run", "Train what a recipe says, and record it");
  add_recipe(*command, options->subject);
  add_run_options(*command, *options, "Values in place of the recipe's: optimizer.lr=0.5");
  command->add_flag("--dry-run", options->dry_run, "Check the recipe and show what would run");
  command
      ->add_option("--fast-dev-run", options->fast_dev_run,
                   "Try it out: so many steps and evaluation batches, no checkpoints; it does not "
                   "become last")
      ->check(number_at_least(1))
      ->type_name("N");
  command
      ->add_option("--overfit-batches", options->overfit_batches,
                   "Train and evaluate on the first batches only: a model must learn them by heart")
      ->check(number_at_least(1))
      ->type_name("N");
  command->add_flag("--profile", options->profile,
                    "Trace 20 steps, and show where their time goes (profile.steps=20)");
  command->callback([options, &chosen] {
    options->turn_flags_into_overrides();
    chosen = [options] { return run(*options); };
  });
}

}  // namespace runner
