#pragma once

#include "experiments/process.hpp"
#include "runner/protocol/ending.hpp"
#include "runner/supervise/key_value_store.hpp"
#include "runner/supervise/local_ranks.hpp"
#include "runner/supervise/members.hpp"
#include "runner/supervise/stop_source.hpp"
#include "runner/supervise/watch.hpp"

#include <chrono>
#include <optional>
#include <set>
#include <string>

namespace runner {

/// What the supervisor tells of a run as it happens.
struct Observer {
  virtual ~Observer() = default;
  /// What rank 0 tells.
  virtual void event(const Event& event) = 0;
  /// Called about ten times a second.
  virtual void progress(const Heartbeat& heartbeat) = 0;
  /// A line that rank 0 printed.
  virtual void output(const std::string& line) = 0;
  /// The user asked to stop; the ranks have been told.
  virtual void stopping() = 0;
};

/// Watches all ranks of a run from their jobs to their end: those that this process has started,
/// rank 0 among them, and by their own supervisors (see Deputy) those of other processes. When one
/// rank fails, all are ended and the first cause is told.
class Supervisor : private RankListener {
 public:
  Supervisor(LocalRanks& ranks, Circle& circle, double heartbeat, StopSource& stops,
             Observer& observer);

  /// The ranks have been given their jobs.
  Outcome run();

 private:
  using Clock = std::chrono::steady_clock;

  void event(int rank, const Event& event) override;
  void asked(int rank, const protocol::StoreRequest& request) override;
  void output(int rank, const std::string& line) override;
  void finished(int rank, Ending ending, const std::string& reason) override;
  void failed(const Failure& failure) override;

  void wait_for_something();
  void answer_stop_requests();
  void read(Member& member);
  void hear(Member& member, const protocol::ToHead& message);
  void forget(const Member& member);
  void look_after_the_ranks();
  void end_all_once_the_cause_is_known();
  void end_before_the_start();
  void end_all();
  template <class Message>
  void tell_members(const Message& message);
  bool over() const;
  bool is_lost(const Member& member) const;
  bool can_do_without_the_lost() const;
  std::set<int> lost_ranks() const;
  Outcome outcome() const;
  int world_size() const;

  const std::string host_ = current_process().host;  ///< looking it up reads files
  LocalRanks& ranks_;
  Circle& circle_;
  std::set<int> ended_members_;    ///< by their first rank
  std::set<int> aborting_, gone_;  ///< members that are ending their ranks; that closed unasked
  StopSource& stops_;
  Observer& observer_;
  Watch watch_;
  KeyValueStore store_;  ///< by which the ranks meet
  Clock::time_point looked_at_ = Clock::now(), told_members_at_ = Clock::now();
  int stop_requests_ = 0;
  std::optional<Outcome> finished_;  ///< rank 0's last word
  std::optional<Failure> failure_;
  Clock::time_point failed_at_;
  bool ending_all_ = false;
};

}  // namespace runner
