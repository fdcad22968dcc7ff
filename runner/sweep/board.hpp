#pragma once

#include "runner/protocol/heartbeat.hpp"
#include "runner/sweep/trial_queue.hpp"
#include "runner/terminal/sweep_report.hpp"

#include <chrono>
#include <map>
#include <mutex>
#include <vector>

namespace runner {

/// What goes on in this process's slots, told by their threads and read by the one that draws.
class Board {
 public:
  /// `slots` trials run at once.
  Board(SweepStatus status, Goal goal, int slots)
      : status_(std::move(status)), goal_(goal), slots_(slots) {}

  /// How the whole queue stands: other processes change it, too.
  void count(const std::vector<Trial>& trials);

  void started(const TrialJob& job);
  void knows_length(std::int64_t number, std::int64_t steps);
  void progressed(std::int64_t number, const Heartbeat& heartbeat);
  void measured(std::int64_t number, double value);
  void left(const TrialJob& job, const std::string& how, const std::string& reason);

  SweepStatus status() const;
  /// Those that have ended since the last call.
  std::vector<EndedTrial> take_ended();

 private:
  using Clock = std::chrono::steady_clock;
  struct Running {
    RunningTrial trial;
    Clock::time_point since = Clock::now();
  };

  std::optional<double> seconds_left() const;

  mutable std::mutex mutex_;
  SweepStatus status_;
  Goal goal_;
  int slots_;
  std::map<std::int64_t, Running> running_;
  std::vector<EndedTrial> ended_;
  Clock::time_point began_ = Clock::now();
  double seconds_of_ended_ = 0;
  std::int64_t count_of_ended_ = 0;
};

}  // namespace runner
