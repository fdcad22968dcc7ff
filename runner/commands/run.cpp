#include "runner/commands/run.hpp"

#include "experiments/location.hpp"
#include "experiments/store.hpp"
#include "registry/datasets/datasets.hpp"
#include "runner/launch/deputy.hpp"
#include "runner/launch/jobs.hpp"
#include "runner/launch/shell_command.hpp"
#include "runner/launch/srun.hpp"
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

/// What this process is to do in a run.
struct Task {
  const Recipe& recipe;
  const Prepared& data;
  const Placement& placement;
  const Launch& launch;
  LocalRanks& ranks;
  Signals& signals;

  Json common_job() const { return {{"config", recipe.config}, {"data", to_json(data)}}; }
  /// What all processes of the run must have brought alike.
  Json to_compare() const { return {{"config", recipe.config}, {"dataset", data.dataset}}; }
};

/// The user does not want to wait for other processes, or a worker has ended meanwhile.
class Impatience {
 public:
  explicit Impatience(const Task& task) : task_(task) {}

  Interruption watch() {
    return {task_.signals.fd(), [this] {
              stopped_ = stopped_ || task_.signals.take_stop_requests() > 0;
              return stopped_ || task_.ranks.any_exited();
            }};
  }
  Outcome outcome() const {
    if (stopped_) return {Ending::interrupted, "stopped before all ranks had come"};
    return {Ending::failed, "a worker ended before all ranks had come"};
  }

 private:
  const Task& task_;
  bool stopped_ = false;
};

Outcome supervise(const Task& task, const std::filesystem::path& logs, Observer& observer) {
  Circle circle{"127.0.0.1", {}};
  if (task.launch.meeting) {
    Impatience impatience(task);
    auto gathered =
        gather(task.launch, task.to_compare(), logs, task.placement.timeout, impatience.watch());
    if (!gathered) return impatience.outcome();
    circle = std::move(*gathered);
  }
  task.ranks.log_to(logs);
  give_jobs(task.ranks, task.common_job(), task.placement, task.launch, circle.address);
  return Supervisor(task.ranks, std::move(circle), task.placement.heartbeat, task.signals, observer)
      .run();
}

/// This process has rank 0: it records the run and tells of it.
int lead(const Task& task, const Options& options) {
  const auto report = make_report(options.verbosity());
  RunRecord record(find_database(options.database),
                   describe_run(task.recipe, task.data, task.launch, options.command),
                   process_environment()("RUNNER_RUN"), *report);
  report->started(record.id(), task.recipe, task.data, task.launch);
  Outcome outcome;
  try {
    outcome = supervise(task, record.logs(), record);
  } catch (const std::runtime_error& error) {
    outcome = {Ending::failed, error.what()};
  }
  record.finish(outcome);
  report->ended(outcome, task.ranks.heartbeat(0));
  return exit_code(outcome.ending);
}

/// Another process of the run has rank 0, and speaks for all; unless it is gone.
int follow(const Task& task) {
  Impatience impatience(task);
  auto head = join(task.launch, task.to_compare(), task.placement.timeout, impatience.watch());
  if (!head) return exit_code(impatience.outcome().ending);
  task.ranks.log_to(head->logs);
  give_jobs(task.ranks, task.common_job(), task.placement, task.launch, head->my_address);
  Deputy deputy(task.ranks, std::move(*head), task.placement.heartbeat, task.signals);
  const auto outcome = deputy.run();
  if (deputy.lost_head())
    fmt::print(stderr, "runner: rank {}: {}\n", task.launch.rank, outcome.reason);
  return exit_code(outcome.ending);
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

int train(const Recipe& recipe, const Options& options) {
  const auto placement = place(recipe.config.at("topology"));
  const auto environment = process_environment();
  if (calls_srun(placement, environment)) exec_srun(arguments_again(options), placement);
  const auto launch = find_launch(placement, environment, visible_gpus(environment));
  LocalRanks ranks(launch.rank, launch.ranks_here);  // load LibTorch while the data are looked for
  const bool leads = launch.rank == 0;
  const auto data =
      prepare_dataset(recipe.config.at("dataset"),
                      report_preparation(leads ? options.verbosity() : Verbosity::quiet));
  Signals signals;
  const Task task{recipe, data, placement, launch, ranks, signals};
  return leads ? lead(task, options) : follow(task);
}

int read_and_run(const Options& options) {
  const auto recipe = read_recipe(find_recipe(options.recipe), options.overrides);
  return options.dry_run ? show_plan(recipe, options.json) : train(recipe, options);
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
