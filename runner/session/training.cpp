#include "runner/session/training.hpp"

#include "experiments/location.hpp"
#include "experiments/say.hpp"
#include "registry/datasets/datasets.hpp"
#include "runner/launch/slurm_jobs.hpp"
#include "runner/session/impatience.hpp"
#include "runner/session/lead.hpp"
#include "runner/session/worker_check.hpp"
#include "runner/supervise/deputy.hpp"
#include "runner/supervise/jobs.hpp"
#include "runner/supervise/signals.hpp"
#include "runner/terminal/data_report.hpp"

#include <thread>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace runner {
namespace {

/// Many ranks on few cores are slower than few: somebody who asks for them should know.
void warn_of_crowd(const Task& task, Verbosity verbosity) {
  if (verbosity == Verbosity::quiet) return;
  const auto cores = static_cast<int>(std::thread::hardware_concurrency());
  const bool on_gpus = task.placement.device != "cpu" && visible_gpus(process_environment()) > 0;
  if (on_gpus || task.launch.meeting || task.launch.ranks_here <= cores) return;
  say("runner: WARNING: {} ranks share {} cores; so many are slower than {}\n",
      task.launch.ranks_here, cores, cores);
}

/// Nothing tells the run's processes from others that speak as they do.
void warn_of_open_meeting(const Task& task, Verbosity verbosity) {
  const auto& meeting = task.launch.meeting;
  if (verbosity == Verbosity::quiet || !meeting || meeting->on_this_machine ||
      meeting->secret.kind != SecretKind::none)
    return;
  say("runner: WARNING: any process that reaches port {} of this machine can take part in this "
      "run: give all ranks the same RUNNER_SECRET, or RUNNER_SECRET_FILE (docs/SECURITY.md)\n",
      fmt::join(meeting->ports, ", "));
}

/// Slurm's warning that the time is nearly up has stopped a job that goes on in its next one.
void requeue_if_time_is_up(const Task& task, const Outcome& outcome, const Telling& telling) {
  const bool time_is_up = outcome.ending == Ending::interrupted && task.stops.time_is_nearly_up();
  if (!time_is_up || !telling.earlier_run || !task.launch.job_id) return;
  if (const auto refusal = requeue_slurm_job(*task.launch.job_id); !refusal.empty())
    say("runner: WARNING: Slurm did not requeue job {}: {}\n", *task.launch.job_id, refusal);
}

/// This process has rank 0: it records the run and tells of it.
Outcome lead_and_tell(Task& task, const Telling& telling) {
  warn_of_crowd(task, telling.verbosity);
  warn_of_open_meeting(task, telling.verbosity);
  const auto report = make_report(telling.verbosity);
  const auto warn = [](const std::string& text) {
    std::fflush(stdout);
    say("runner: WARNING: {}\n", text);
  };
  const auto outcome = lead(task, telling, *report, warn);
  requeue_if_time_is_up(task, outcome, telling);
  return outcome;
}

/// srun kills a step as soon as one of its tasks has failed: rank 0's process is to record the run,
/// and to have its job requeued, before any other ends. One that is silent misses this process,
/// too, and ends by itself at about this moment; that its connection closes cannot be heard.
void wait_for_the_head(const Task& task, bool is_silent) {
  constexpr std::chrono::seconds patience{60}, patience_with_the_silent{5};
  if (task.head)
    task.head->channel->wait_until_closed(is_silent ? patience_with_the_silent : patience);
}

struct Followed {
  Outcome outcome;
  bool lost_head = false;
};

/// Another process of the run has rank 0, and speaks for all; unless it is gone.
Followed follow_once(Task& task) {
  Impatience impatience(task);
  auto head = join(task.launch, task.brought(), task.placement.timeout, impatience.watch());
  if (!head) return {impatience.outcome()};
  task.ranks->renumber(head->rank);
  task.ranks->log_to(head->told.logs);
  give_jobs(*task.ranks, task.common_job(head->told), task.placement,
            task.renumbered(head->rank, head->world_size), head->my_address);
  task.head = std::move(*head);
  Deputy deputy(*task.ranks, *task.head, task.placement.heartbeat, task.stops);
  auto outcome = deputy.run();
  if (deputy.lost_head()) say("runner: rank {}: {}\n", task.launch.rank, outcome.reason);
  return {std::move(outcome), deputy.lost_head()};
}

Outcome follow(Task& task) {
  auto end = follow_once(task);
  for (std::int64_t restart = 1; task.goes_on(end.outcome, restart); ++restart) {
    task.start_ranks();
    end = follow_once(task);
  }
  wait_for_the_head(task, end.lost_head);
  return end.outcome;
}

}  // namespace

int exit_code(const Outcome& outcome) {
  switch (outcome.ending) {
    case Ending::done:
      return 0;
    case Ending::failed:
      return is_a<Mistake>(outcome.cause) ? 2 : 1;
    case Ending::paused:
    case Ending::interrupted:
      return 3;
  }
  return 1;
}

Outcome train(const Recipe& recipe, const Placement& placement, const Launch& launch,
              const Telling& telling) {
  const bool leads = launch.rank == 0;
  auto ranks = std::make_unique<LocalRanks>(launch.rank, launch.ranks_here);
  const auto data =
      prepare_dataset(recipe.config.at("dataset"),
                      report_preparation(leads ? telling.verbosity : Verbosity::quiet));
  const auto weights = leads && !telling.earlier_run
                           ? weights_to_check(recipe, find_database(telling.database))
                           : std::nullopt;
  check_with(ranks->first_worker(), recipe, data, placement, launch, weights);
  Signals signals;
  Task task{recipe, data, placement, launch, std::move(ranks), signals};
  task.weights = weights;
  task.pause_at = telling.pause_at;
  return leads ? lead_and_tell(task, telling) : follow(task);
}

}  // namespace runner
