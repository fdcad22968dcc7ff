#include "runner/session/lead.hpp"

#include "experiments/location.hpp"
#include "runner/record/describe.hpp"
#include "runner/record/run_record.hpp"
#include "runner/record/weights.hpp"
#include "runner/session/impatience.hpp"
#include "runner/supervise/jobs.hpp"
#include "runner/supervise/supervisor.hpp"

#include <fmt/format.h>

namespace runner {
namespace {

using Weights = std::optional<FoundWeights>;

Weights initial_weights(const Recipe& recipe, const std::filesystem::path& database,
                        const std::string& own = "") {
  return find_initial_weights(database, from_json<InitFrom>(recipe.config.at("init_from")), own);
}

/// As it is recorded: a name may mean another run tomorrow.
Recipe with_fixed_weights(Recipe recipe, const Weights& weights) {
  if (weights && !weights->reference.empty())
    recipe.config.at("init_from")["weights"] = weights->reference;
  return recipe;
}

/// What rank 0's process tells every other: where to write, and what to go on from.
protocol::Told told_to_all(const RunRecord& record, const Weights& weights) {
  protocol::Told told{record.logs().string()};
  auto& files = told.files;
  if (weights) files.init = weights->file.string();
  if (const auto folder = record.checkpoints()) files.checkpoints = folder->string();
  if (const auto& start = record.start()) files.resume = start->folder;
  files.diagnostics = record.logs().string();
  files.saves_each_best = record.saves_each_best();
  return told;
}

Outcome supervise(Task& task, const protocol::Told& told, Observer& observer) {
  task.circle = Circle{"127.0.0.1", {}, task.launch.world_size};
  if (task.launch.meeting) {
    Impatience impatience(task);
    auto gathered = gather(task.launch, task.brought(), told, task.placement.timeout,
                           impatience.watch(), task.absent);
    if (!gathered) return impatience.outcome();
    task.circle = std::move(*gathered);
  }
  if (const auto& nodes = task.placement.nodes; nodes && nodes->is_open())
    task.circle.least_nodes = nodes->least;
  task.ranks->log_to(told.logs);
  give_jobs(*task.ranks, task.common_job(told), task.placement,
            task.renumbered(0, task.circle.world_size), task.circle.address);
  return Supervisor(*task.ranks, task.circle, task.placement.heartbeat, task.stops, observer).run();
}

Outcome try_to_supervise(Task& task, RunRecord& record, Weights& weights,
                         const std::filesystem::path& database) {
  const auto log = from_json<Log>(task.recipe.config.at("log"));
  record.watch_system({task.ranks->pids(), std::chrono::duration<double>(log.system_seconds),
                       task.launch.first_gpu + task.launch.local_rank, task.ranks->count()});
  try {
    // What a run has begun with is in its checkpoints when it goes on.
    if (record.start())
      weights.reset();
    else if (!weights)
      weights = initial_weights(task.recipe, database, record.id());
    return supervise(task, told_to_all(record, weights), record);
  } catch (const std::runtime_error& error) {
    task.ranks->kill();
    return {Ending::failed, error.what(), true};
  }
}

void start_again(Task& task, int ranks_before, const std::string& reason, std::int64_t restart,
                 const Warn& warn) {
  const auto with = task.ranks_left() == ranks_before
                        ? ""
                        : fmt::format(" with {} of {} ranks", task.ranks_left(), ranks_before);
  warn(fmt::format("{}; going on{} (restart {} of {})", reason, with, restart,
                   task.placement.restarts));
  task.start_ranks();
}

}  // namespace

Outcome lead(Task& task, const Telling& telling, Report& report, const Warn& warn) {
  const auto database = find_database(telling.database);
  // A mistake of the user is found before there is a run.
  auto weights = task.weights;
  if (!weights && !telling.earlier_run) weights = initial_weights(task.recipe, database);
  const auto data = recorded_data(task.data, weights, telling.earlier_data);
  if (telling.earlier_data) refuse_other_data(data, *telling.earlier_data);
  auto run =
      describe_run(with_fixed_weights(task.recipe, weights), data, task.launch, telling.command);
  run.sweep = telling.sweep;
  run.purpose = telling.purpose;
  RunRecord record(database, run, from_json<Save>(task.recipe.config.at("save")),
                   telling.earlier_run, telling.new_id, warn, report);
  if (weights && weights->averaged)
    warn(
        fmt::format("it begins with the averaged weights of {}; init_from.average=false takes the "
                    "others",
                    task.recipe.config.at("init_from").at("weights").get<std::string>()));
  report.started(record.id(), task.recipe, task.data, task.launch);
  auto outcome = try_to_supervise(task, record, weights, database);
  for (std::int64_t restart = 1; task.goes_on(outcome, restart); ++restart) {
    const auto ranks_before = task.ranks_left();
    if (!task.take_what_is_left(outcome.lost)) {
      outcome.reason += ", and no GPU is left";
      break;
    }
    start_again(task, ranks_before, outcome.reason, restart, warn);
    run.world_size = task.ranks_left();
    record.restart(run, outcome.reason, warn);
    outcome = try_to_supervise(task, record, weights, database);
  }
  if (outcome.ending == Ending::done)
    if (const auto why = record.why_nothing_is_saved(); !why.empty())
      outcome = {Ending::failed, "no checkpoint could be saved: " + why};
  if (!record.has_begun()) outcome.reason += "; the run is as it was";
  record.finish(outcome);
  report.ended(outcome, task.ranks->heartbeat(0));
  return outcome;
}

}  // namespace runner
