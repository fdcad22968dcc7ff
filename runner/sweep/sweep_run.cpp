#include "runner/sweep/sweep_run.hpp"

#include "experiments/error.hpp"
#include "experiments/location.hpp"
#include "runner/launch/slurm_jobs.hpp"
#include "runner/session/lead.hpp"
#include "runner/sweep/failure_class.hpp"
#include "runner/sweep/sweep_check.hpp"
#include "runner/sweep/trial_report.hpp"
#include "runner/terminal/data_report.hpp"

#include <chrono>
#include <thread>

#include <fmt/format.h>
#include <poll.h>

namespace runner {
namespace {

using namespace std::chrono_literals;

constexpr auto between_drawings = 200ms;
constexpr auto between_counts = 2s;
constexpr auto between_signs_of_life = 15s;
constexpr auto patience_for_others = 250ms;

/// What a trial takes, where none was ever run.
constexpr std::int64_t typical_bytes = std::int64_t{1} << 30;

/// As much as runs of that model have taken at most.
std::int64_t bytes_of(const Recipe& recipe, const std::filesystem::path& database) {
  auto store = Store::create_or_open(database);
  auto most = store.database().prepare(
      "SELECT max(s.max_value) FROM series s JOIN config c ON c.run_id = s.run_id"
      " WHERE s.name = 'system/memory_mib' AND c.path = 'model.name' AND c.value = ?");
  most.with(recipe.config.at("model").at("name").get<std::string>());
  constexpr std::int64_t mib = 1 << 20;
  if (most.step() && !most.is_null(0)) return static_cast<std::int64_t>(most.real(0)) * mib;
  return typical_bytes;
}

Slots divide_machine(const SweepRecipe& recipe, const std::filesystem::path& database,
                     std::int64_t trials) {
  const auto any = recipe.recipe_of(recipe.any_cell());
  const auto machine = this_machine();
  auto placement = place(any.config.at("topology"));
  return divide(recipe.options(), placement, launch_of_trial(placement, machine.gpus), machine,
                trials, bytes_of(any, database));
}

/// What the slot gives a trial is recorded with it: another number of threads adds in another
/// order.
Recipe with_threads(Recipe recipe, std::int64_t threads) {
  auto& wanted = recipe.config.at("topology")["threads"];
  if (!wanted.is_null()) return recipe;
  wanted = threads;
  for (auto& [path, origin] : recipe.origins)
    if (path == "topology.threads") origin = "sweep";
  return recipe;
}

}  // namespace

SweepRun::SweepRun(const SweepRecipe& recipe, const Telling& telling)
    : recipe_(recipe),
      telling_(telling),
      database_(find_database(telling.database)),
      report_(make_sweep_report(telling.verbosity)),
      data_(report_preparation(telling.verbosity)),
      first_worker_(check_in_worker(recipe, data_, database_)),
      queue_(database_, recipe, telling.command,
             [this](const Recipe& each) { return data_.digest_of(each); }),
      slots_(divide_machine(recipe, database_, queue_.size())),
      board_(status_at_start(), recipe.search().goal(), slots_.count) {}

SweepStatus SweepRun::status_at_start() const {
  SweepStatus status;
  status.id = queue_.sweep_id();
  status.name = recipe_.name();
  status.recipe = recipe_.path();
  status.metric = recipe_.search().metric;
  status.size = queue_.size();
  status.division = fmt::format("{} at a time ({})", slots_.count, slots_.why);
  return status;
}

int SweepRun::run() {
  board_.count(queue_.all());
  report_->begun(board_.status());
  std::vector<std::thread> threads;
  working_ = slots_.count;
  for (int slot = 0; slot < slots_.count; ++slot)
    threads.emplace_back([this, slot] { work(slot); });
  try {
    watch();
  } catch (const std::exception& error) {
    stop_running();
    const std::lock_guard lock(mutex_);
    error_ = error.what();
  }
  for (auto& thread : threads) thread.join();
  queue_.close();
  board_.count(queue_.all());
  show();
  auto status = board_.status();
  status.seconds_left.reset();
  report_->over(status);
  requeue_if_time_is_up(status);
  if (!error_.empty()) throw StoreError(error_);
  return exit_code(status);
}

/// A job of `runner submit` goes on in its next one.
void SweepRun::requeue_if_time_is_up(const SweepStatus& status) {
  const auto environment = process_environment();
  const auto job = environment("SLURM_JOB_ID");
  const bool wanted = signals_.time_is_nearly_up() && environment("RUNNER_REQUEUE") && job;
  if (!wanted || status.done + status.failed + status.pruned >= status.size) return;
  if (const auto refusal = requeue_slurm_job(*job); !refusal.empty())
    report_->warn(fmt::format("Slurm did not requeue job {}: {}", *job, refusal));
}

int SweepRun::exit_code(const SweepStatus& status) const {
  constexpr int failed = 1, stopped_early = 3;
  const auto open = status.size - status.done - status.failed - status.pruned - status.elsewhere;
  if (stopped_ && open > 0) return stopped_early;
  return status.failed > 0 ? failed : 0;
}

/// One slot: trial after trial. Its thread lives as long as its workers, which die with it.
void SweepRun::work(int slot) {
  try {
    auto worker = slot == 0 ? std::move(first_worker_) : nullptr;
    while (const auto job = next()) {
      train(*job, slot, worker);
      const std::lock_guard lock(mutex_);
      --running_;
      changed_.notify_all();
    }
  } catch (const std::exception& error) {
    // The store itself has failed: nothing can be recorded any more.
    const std::lock_guard lock(mutex_);
    error_ = error.what();
    no_more_ = true;
    --running_;
    changed_.notify_all();
  }
  --working_;
}

std::optional<TrialJob> SweepRun::next() {
  std::unique_lock lock(mutex_);
  while (!no_more_) {
    ++running_;  // as long as it is looked for, it may come
    lock.unlock();
    auto job = queue_.next();
    lock.lock();
    if (job) {
      if (!no_more_) return job;
      queue_.leave(*job, Leaving::stopped);
    }
    --running_;
    if (job || (running_ == 0 && !queue_.waits_for_twins())) break;
    // What runs here may fail and be tried again, or go on beyond its rung.
    changed_.wait_for(lock, patience_for_others);
  }
  changed_.notify_all();
  return std::nullopt;
}

/// A trial that can be stopped from another thread, as long as this lives.
class SweepRun::Stoppable {
 public:
  Stoppable(SweepRun& run, std::int64_t trial, StopLine& line) : run_(run), trial_(trial) {
    const std::lock_guard lock(run_.mutex_);
    run_.lines_[trial_] = &line;
    if (run_.stops_running_) line.request();  // it came while this was on its way
  }
  ~Stoppable() {
    const std::lock_guard lock(run_.mutex_);
    run_.lines_.erase(trial_);
  }
  Stoppable(const Stoppable&) = delete;
  Stoppable& operator=(const Stoppable&) = delete;

 private:
  SweepRun& run_;
  std::int64_t trial_;
};

void SweepRun::train(const TrialJob& job, int slot, std::unique_ptr<WorkerProcess>& worker) {
  StopLine line;
  bool pruned = false;
  TrialReport report(
      board_, job.trial.number, recipe_.search().metric,
      [&](const LearningCurve& curve) {
        if (pruned || !queue_.is_hopeless(job, curve)) return;
        pruned = true;
        line.request();
      },
      [&](const std::string& text) { warn(job, text); });
  board_.started(job);
  const Stoppable stoppable(*this, job.trial.number, line);
  const auto outcome = outcome_of(job, slot, worker, line, report);
  leave(job, outcome, pruned);
}

Outcome SweepRun::outcome_of(const TrialJob& job, int slot, std::unique_ptr<WorkerProcess>& worker,
                             StopLine& line, TrialReport& report) try {
  const auto machine = this_machine();
  auto placement = place(job.recipe.config.at("topology"));
  auto launch = in_slot(launch_of_trial(placement, machine.gpus), slots_, slot);
  placement.threads = threads_each(placement, launch, slots_, machine);
  const bool alone = launch.world_size == 1;
  if (alone && !worker) worker = std::make_unique<WorkerProcess>(find_worker());
  auto ranks = alone ? std::make_unique<LocalRanks>(std::move(worker))
                     : std::make_unique<LocalRanks>(0, launch.ranks_here);
  const auto recipe = with_threads(job.recipe, *placement.threads);
  Task task{recipe, data_.data_of(recipe), placement, launch, std::move(ranks), line};
  task.pause_at = job.pause_at;
  task.more_may_follow = alone;
  const auto id = std::optional(job.run_id);
  const Telling telling{telling_.command,
                        database_,
                        Verbosity::quiet,
                        job.goes_on ? id : std::nullopt,
                        job.goes_on ? std::nullopt : id,
                        queue_.sweep_id(),
                        telling_.purpose};
  auto outcome = lead(task, telling, report, [&](const std::string& text) { warn(job, text); });
  worker = task.ranks->take_waiting_worker();
  return outcome;
} catch (const StoreError&) {
  throw;
} catch (const std::bad_alloc& error) {
  return {Ending::failed, error.what(), true, Thrown{error.what(), true}};
} catch (const std::exception& error) {
  return {Ending::failed, error.what(), true, Thrown{error.what()}};
}

void SweepRun::warn(const TrialJob& job, const std::string& text) {
  const std::lock_guard lock(mutex_);
  warnings_.push_back(fmt::format("trial {}: {}", job.trial.number, text));
}

void SweepRun::leave(const TrialJob& job, const Outcome& outcome, bool pruned) {
  const auto tell = [&](Leaving how, const char* word, const std::string& reason) {
    queue_.leave(job, how, "", reason);
    board_.left(job, word, reason);
  };
  if (outcome.ending == Ending::failed) return fail(job, outcome);
  if (outcome.ending == Ending::done) return tell(Leaving::done, "done", outcome.reason);
  if (pruned) return tell(Leaving::pruned, "pruned", "worse than the median of the others");
  if (outcome.ending == Ending::paused) return tell(Leaving::paused, "paused", "");
  tell(Leaving::stopped, "stopped", outcome.reason);
}

void SweepRun::fail(const TrialJob& job, const Outcome& outcome) {
  const auto failure = classify(outcome);
  const auto answer = answer_to(failure, recipe_.options().on_failure);
  const bool again = answer == "retry" && job.trial.attempts < recipe_.options().retries;
  queue_.leave(job, again ? Leaving::retry : Leaving::failed, failure, outcome.reason);
  board_.left(job, again ? "retry" : "failed", outcome.reason);
  if (answer == "stop") stop_running();
}

void SweepRun::start_no_more() {
  const std::lock_guard lock(mutex_);
  no_more_ = true;
  changed_.notify_all();
}

void SweepRun::stop_running() {
  start_no_more();
  const std::lock_guard lock(mutex_);
  stops_running_ = true;
  for (const auto& [number, line] : lines_) line->request();
}

/// Until all slots have ended.
void SweepRun::watch() {
  auto drawn_at = std::chrono::steady_clock::now(), counted_at = drawn_at, renewed_at = drawn_at;
  while (working_ > 0) {
    pollfd source{signals_.fd(), POLLIN, 0};
    poll(&source, 1, 50);
    answer_signals();
    const auto now = std::chrono::steady_clock::now();
    if (now - renewed_at > between_signs_of_life) {
      queue_.renew();
      renewed_at = now;
    }
    if (now - drawn_at < between_drawings) continue;
    if (now - counted_at > between_counts) {
      board_.count(queue_.all());
      counted_at = now;
    }
    show();
    report_->refresh(board_.status());
    drawn_at = now;
  }
}

/// Ctrl-C ends the sweep in three stages: no trial more; those that run stop and are saved; they
/// are killed. Other signals do not wait for the first.
void SweepRun::answer_signals() {
  const int requests = signals_.take_stop_requests();
  for (int i = 0; i < requests; ++i) {
    ++interrupts_;
    const bool at_once = interrupts_ > 1 || signals_.is_pressing();
    stopped_ = true;
    start_no_more();
    report_->stopping(at_once);
    if (at_once) stop_running();
  }
}

void SweepRun::show() {
  const auto ended = board_.take_ended();
  if (!ended.empty()) board_.count(queue_.all());
  const auto status = board_.status();
  for (const auto& trial : ended) report_->ended(trial, status);
  std::vector<std::string> warnings;
  {
    const std::lock_guard lock(mutex_);
    warnings.swap(warnings_);
  }
  for (const auto& warning : warnings) report_->warn(warning);
}

}  // namespace runner
