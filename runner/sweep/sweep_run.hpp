#pragma once

#include "runner/session/training.hpp"
#include "runner/supervise/signals.hpp"
#include "runner/supervise/stop_line.hpp"
#include "runner/sweep/board.hpp"
#include "runner/sweep/data_cache.hpp"
#include "runner/sweep/slots.hpp"
#include "runner/sweep/trial_queue.hpp"
#include "runner/sweep/trial_report.hpp"

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace runner {

/// Runs the trials of a sweep that no other process runs, as many at once as the machine allows.
class SweepRun {
 public:
  SweepRun(const SweepRecipe& recipe, const Telling& telling);

  /// Gives the exit code: 0 when no trial is left, 1 when some have failed, 3 when it was stopped.
  int run();
  const std::string& sweep_id() const { return queue_.sweep_id(); }

 private:
  class Stoppable;

  void work(int slot);
  std::optional<TrialJob> next();
  /// Trains it, with a worker that may have trained another before, and gives back one that may
  /// train the next.
  void train(const TrialJob& job, int slot, std::unique_ptr<WorkerProcess>& worker);
  void warn(const TrialJob& job, const std::string& text);
  Outcome outcome_of(const TrialJob& job, int slot, std::unique_ptr<WorkerProcess>& worker,
                     StopLine& line, TrialReport& report);
  void leave(const TrialJob& job, const Outcome& outcome, bool pruned);
  void fail(const TrialJob& job, const Outcome& outcome);

  void watch();
  void answer_signals();
  void show();
  void start_no_more();
  void stop_running();
  SweepStatus status_at_start() const;
  void requeue_if_time_is_up(const SweepStatus& status);
  int exit_code(const SweepStatus& status) const;

  const SweepRecipe& recipe_;
  Telling telling_;
  std::filesystem::path database_;
  std::unique_ptr<SweepReport> report_;
  Signals signals_;  // before any thread
  DataCache data_;
  std::unique_ptr<WorkerProcess> first_worker_;  // before the sweep is recorded
  TrialQueue queue_;
  Slots slots_;
  Board board_;

  std::mutex mutex_;
  std::condition_variable changed_;  ///< a trial has ended, or no more are to start
  std::map<std::int64_t, StopLine*> lines_;
  std::vector<std::string> warnings_;
  bool stops_running_ = false;
  int running_ = 0;
  std::atomic<int> working_{0};  ///< slots
  std::atomic<bool> no_more_{false}, stopped_{false};
  int interrupts_ = 0;
  std::string error_;
};

}  // namespace runner
