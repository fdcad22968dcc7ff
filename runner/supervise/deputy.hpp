#pragma once

#include "runner/protocol/ending.hpp"
#include "runner/supervise/local_ranks.hpp"
#include "runner/supervise/members.hpp"
#include "runner/supervise/stop_source.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace runner {

/// Watches the ranks of a process that does not have rank 0, and does what the run's Supervisor
/// says. When that one is gone, so are these.
class Deputy : private RankListener {
 public:
  Deputy(LocalRanks& ranks, Head& head, double heartbeat, StopSource& stops)
      : ranks_(ranks), head_(head), heartbeat_(heartbeat), stops_(stops) {}

  /// The ranks have been given their jobs. How the whole run ended.
  Outcome run();
  /// The run's end was not told, since who would have told it went away.
  bool lost_head() const { return lost_head_; }

 private:
  using Clock = std::chrono::steady_clock;

  void event(int, const Event&) override {}
  void asked(int rank, const protocol::StoreRequest& request) override;
  void output(int, const std::string&) override {}
  void finished(int, Ending, const std::string&) override {}
  void failed(const Failure& failure) override;

  void wait_for_something();
  void read_head();
  void hear(const protocol::FromHead& message);
  void end_all();
  void tell_states();
  void give_up(const std::string& reason);

  LocalRanks& ranks_;
  Head& head_;
  double heartbeat_;
  StopSource& stops_;
  Clock::time_point told_at_ = Clock::now(), looked_at_ = Clock::now();
  double silent_ = 0;  ///< seconds since the head was heard of
  bool told_end_ = false;
  bool ending_all_ = false;
  bool lost_head_ = false;
  std::optional<Outcome> outcome_;
};

}  // namespace runner
