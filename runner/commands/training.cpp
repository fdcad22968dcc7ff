#include "runner/commands/training.hpp"

#include "experiments/location.hpp"
#include "registry/datasets/datasets.hpp"
#include "runner/launch/slurm_jobs.hpp"
#include "runner/record/describe.hpp"
#include "runner/record/run_record.hpp"
#include "runner/record/weights.hpp"
#include "runner/supervise/deputy.hpp"
#include "runner/supervise/jobs.hpp"
#include "runner/supervise/supervisor.hpp"
#include "runner/terminal/data_report.hpp"

#include <set>
#include <thread>

#include <fmt/format.h>

namespace runner {
namespace {

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

/// What this process is to do in a run.
struct Task {
  const Recipe& recipe;
  const Prepared& data;
  const Placement& placement;
  Launch launch;
  std::unique_ptr<LocalRanks> ranks;
  Signals& signals;
  std::set<int> absent = {};  ///< ranks, as launched, that the run goes on without

  /// The workers load LibTorch at once, and wait for their jobs.
  void start_ranks() { ranks = std::make_unique<LocalRanks>(launch.rank, launch.ranks_here); }

  /// After a failure, without the ranks that are lost and on the GPUs that are there; false where
  /// there is none.
  bool take_what_is_left(const std::set<int>& lost) {
    absent.insert(lost.begin(), lost.end());
    const auto left = with_gpus_left(launch, visible_gpus(process_environment()));
    if (left) launch = *left;
    return left.has_value();
  }
  int ranks_left() const { return launch.world_size - static_cast<int>(absent.size()); }

  /// What all ranks get, with what rank 0's process tells every other.
  Json common_job(const Json& told) const {
    Json job{{"config", recipe.config}, {"data", to_json(data)}};
    job.update(told.at("job"));
    return job;
  }
  /// What all processes of the run must have brought alike.
  Json to_compare() const { return {{"config", recipe.config}, {"dataset", data.dataset}}; }
};

/// The file that a recipe's weights come from at the start.
std::optional<std::filesystem::path> initial_weights(const Recipe& recipe,
                                                     const std::filesystem::path& database) {
  const auto init = from_json<InitFrom>(recipe.config.at("init_from"));
  if (!init.weights) return std::nullopt;
  if (std::filesystem::exists(*init.weights)) return std::filesystem::absolute(*init.weights);
  auto store = Store::create_or_open(database);
  return find_weights(store, *init.weights, false);
}

/// What rank 0's process tells every other: where to write, and what to go on from.
Json told_to_all(const RunRecord& record, const std::optional<std::filesystem::path>& weights) {
  auto job = Json::object();
  if (weights && !record.start()) job["init"] = weights->string();
  if (const auto folder = record.checkpoints()) job["checkpoints"] = folder->string();
  if (const auto& start = record.start()) job["resume"] = start->folder;
  job["diagnostics"] = record.logs().string();
  return {{"logs", record.logs().string()}, {"job", job}};
}

/// This process's launch when ranks have been lost.
Launch renumbered(Launch launch, int rank, int world_size) {
  launch.rank = rank;
  launch.world_size = world_size;
  return launch;
}

/// The user does not want to wait for other processes, or a worker has ended meanwhile.
class Impatience : private RankListener {
 public:
  explicit Impatience(const Task& task) : task_(task) {}

  Interruption watch() {
    return {task_.signals.fd(),
            [this] {
              stopped_ = stopped_ || task_.signals.take_stop_requests() > 0;
              task_.ranks->read(*this);
              return stopped_ || failure_;
            },
            [this] {
              return failure_ ? Json{{"event", "failed"}, {"failure", to_json(*failure_)}}
                              : Json{{"event", "left"}};
            }};
  }
  Outcome outcome() const {
    if (failure_) return {Ending::failed, describe(*failure_, task_.launch.world_size), false};
    return {Ending::interrupted, "stopped before all ranks had come", false};
  }

 private:
  void message(int, const Json&) override {}
  void output(int, const std::string&) override {}
  void finished(int, const std::string&, const std::string&) override {}
  void failed(const Failure& failure) override { failure_ = failure; }

  const Task& task_;
  bool stopped_ = false;
  std::optional<Failure> failure_;
};

Outcome supervise(const Task& task, const Json& told, Observer& observer) {
  Circle circle{"127.0.0.1", {}, task.launch.world_size};
  if (task.launch.meeting) {
    Impatience impatience(task);
    auto gathered = gather(task.launch, task.to_compare(), told, task.placement.timeout,
                           impatience.watch(), task.absent);
    if (!gathered) return impatience.outcome();
    circle = std::move(*gathered);
  }
  if (const auto& nodes = task.placement.nodes; nodes && nodes->is_open())
    circle.least_nodes = nodes->least;
  task.ranks->log_to(told.at("logs").get<std::string>());
  give_jobs(*task.ranks, task.common_job(told), task.placement,
            renumbered(task.launch, 0, circle.world_size), circle.address);
  return Supervisor(*task.ranks, std::move(circle), task.placement.heartbeat, task.signals,
                    observer)
      .run();
}

/// Many ranks on few cores are slower than few: somebody who asks for them should know.
void warn_of_crowd(const Task& task, Verbosity verbosity) {
  if (verbosity == Verbosity::quiet) return;
  const auto cores = static_cast<int>(std::thread::hardware_concurrency());
  const bool on_gpus = task.placement.device != "cpu" && visible_gpus(process_environment()) > 0;
  if (on_gpus || task.launch.meeting || task.launch.ranks_here <= cores) return;
  fmt::print(stderr, "runner: WARNING: {} ranks share {} cores; so many are slower than {}\n",
             task.launch.ranks_here, cores, cores);
}

Outcome try_to_supervise(const Task& task, RunRecord& record,
                         const std::optional<std::filesystem::path>& weights) {
  try {
    return supervise(task, told_to_all(record, weights), record);
  } catch (const std::runtime_error& error) {
    task.ranks->kill();
    return {Ending::failed, error.what(), true};
  }
}

/// Whether a run that ended so is to go on by itself, for the `restarts`-th time.
bool goes_on(const Outcome& outcome, const Task& task, std::int64_t restarts) {
  return outcome.ending == Ending::failed && !outcome.would_recur &&
         restarts <= task.placement.restarts;
}

/// Slurm's warning that the time is nearly up has stopped a job that goes on in its next one.
void requeue_if_time_is_up(const Task& task, const Outcome& outcome, const Telling& telling) {
  const bool time_is_up = outcome.ending == Ending::interrupted && task.signals.time_is_nearly_up();
  if (!time_is_up || !telling.earlier_run || !task.launch.job_id) return;
  if (const auto refusal = requeue_slurm_job(*task.launch.job_id); !refusal.empty())
    fmt::print(stderr, "runner: WARNING: Slurm did not requeue job {}: {}\n", *task.launch.job_id,
               refusal);
}

/// This process has rank 0: it records the run and tells of it.
int lead(Task& task, const Telling& telling) {
  warn_of_crowd(task, telling.verbosity);
  const auto report = make_report(telling.verbosity);
  const auto warn = [](const std::string& text) {
    std::fflush(stdout);
    fmt::print(stderr, "runner: WARNING: {}\n", text);
  };
  auto run = describe_run(task.recipe, task.data, task.launch, telling.command);
  const auto database = find_database(telling.database);
  // What a run has begun with is in its checkpoints when it goes on.
  const auto weights = telling.earlier_run ? std::nullopt : initial_weights(task.recipe, database);
  RunRecord record(database, run, from_json<Save>(task.recipe.config.at("save")),
                   telling.earlier_run, warn, *report);
  report->started(record.id(), task.recipe, task.data, task.launch);
  auto outcome = try_to_supervise(task, record, weights);
  for (std::int64_t restart = 1; goes_on(outcome, task, restart); ++restart) {
    const auto ranks_before = task.ranks_left();
    if (!task.take_what_is_left(outcome.lost)) {
      outcome.reason += ", and no GPU is left";
      break;
    }
    const auto with = task.ranks_left() == ranks_before
                          ? ""
                          : fmt::format(" with {} of {} ranks", task.ranks_left(), ranks_before);
    warn(fmt::format("{}; going on{} (restart {} of {})", outcome.reason, with, restart,
                     task.placement.restarts));
    task.start_ranks();
    run.world_size = task.ranks_left();
    record.restart(run, outcome.reason, warn);
    outcome = try_to_supervise(task, record, weights);
  }
  record.finish(outcome);
  report->ended(outcome, task.ranks->heartbeat(0));
  requeue_if_time_is_up(task, outcome, telling);
  return exit_code(outcome.ending);
}

/// Another process of the run has rank 0, and speaks for all; unless it is gone.
Outcome follow_once(const Task& task) {
  Impatience impatience(task);
  auto head = join(task.launch, task.to_compare(), task.placement.timeout, impatience.watch());
  if (!head) return impatience.outcome();
  task.ranks->renumber(head->rank);
  task.ranks->log_to(head->told.at("logs").get<std::string>());
  give_jobs(*task.ranks, task.common_job(head->told), task.placement,
            renumbered(task.launch, head->rank, head->world_size), head->my_address);
  Deputy deputy(*task.ranks, std::move(*head), task.placement.heartbeat, task.signals);
  auto outcome = deputy.run();
  if (deputy.lost_head())
    fmt::print(stderr, "runner: rank {}: {}\n", task.launch.rank, outcome.reason);
  return outcome;
}

int follow(Task& task) {
  auto outcome = follow_once(task);
  for (std::int64_t restart = 1; goes_on(outcome, task, restart); ++restart) {
    task.start_ranks();
    outcome = follow_once(task);
  }
  return exit_code(outcome.ending);
}

}  // namespace

int train(const Recipe& recipe, const Placement& placement, const Launch& launch,
          const Telling& telling) {
  const bool leads = launch.rank == 0;
  auto ranks = std::make_unique<LocalRanks>(launch.rank, launch.ranks_here);
  const auto data =
      prepare_dataset(recipe.config.at("dataset"),
                      report_preparation(leads ? telling.verbosity : Verbosity::quiet));
  Signals signals;
  Task task{recipe, data, placement, launch, std::move(ranks), signals};
  return leads ? lead(task, telling) : follow(task);
}

}  // namespace runner
