#pragma once

#include "runner/protocol/ending.hpp"
#include "runner/supervise/local_rank.hpp"

#include <filesystem>
#include <memory>
#include <vector>

#include <poll.h>

namespace runner {

/// The ranks that this process has started on its machine.
class LocalRanks {
 public:
  /// Starts `count` workers; they load LibTorch and wait for their jobs.
  LocalRanks(int first_rank, int count);
  /// Has rank 0 alone, in a worker that waits for a job.
  explicit LocalRanks(std::unique_ptr<WorkerProcess> worker);

  int first() const { return first_rank_; }
  int count() const { return static_cast<int>(ranks_.size()); }
  const Heartbeat& heartbeat(int rank) const { return at(rank).worker().heartbeat(); }

  /// Before they are given their jobs: they are the ranks from this one on.
  void renumber(int first_rank);
  /// Before they are given their jobs: that of the first rank.
  WorkerProcess& first_worker() { return ranks_.front()->worker(); }
  /// What they print goes to rankN.log in this folder, too.
  void log_to(const std::filesystem::path& folder);
  bool has(int rank) const { return first_rank_ <= rank && rank < first_rank_ + count(); }
  template <class Message>
  void send(int rank, const Message& message) {
    at(rank).worker().channel().send(message);
  }
  void signal(int number);
  /// Kills those that are left; they are gone when it returns.
  void kill();

  void add_sources(std::vector<pollfd>& sources) const;
  /// Reads whatever has come, and tells it.
  void read(RankListener& listener);
  bool all_ended() const;
  /// The worker of the only rank, when it has ended its job and waits for another; else null. One
  /// that was told to stop may hear of it in its next job.
  std::unique_ptr<WorkerProcess> take_waiting_worker();
  std::vector<RankState> states() const;
  std::vector<pid_t> pids() const;

 private:
  LocalRank& at(int rank) { return *ranks_.at(static_cast<std::size_t>(rank - first_rank_)); }
  const LocalRank& at(int rank) const {
    return *ranks_.at(static_cast<std::size_t>(rank - first_rank_));
  }

  int first_rank_;
  bool signalled_ = false;
  std::vector<std::unique_ptr<LocalRank>> ranks_;
};

}  // namespace runner
