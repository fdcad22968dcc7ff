#pragma once

#include "runner/protocol/ending.hpp"
#include "runner/protocol/rank_state.hpp"
#include "runner/supervise/memory.hpp"
#include "runner/supervise/worker_process.hpp"

#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <poll.h>

namespace runner {

/// Told of what local ranks do.
struct RankListener {
  virtual ~RankListener() = default;
  /// What the rank's worker tells of its training.
  virtual void event(int rank, const Event& event) = 0;
  /// What it asks of the store; it waits for a protocol::StoreReply.
  virtual void asked(int rank, const protocol::StoreRequest& request) = 0;
  /// A line that it printed.
  virtual void output(int rank, const std::string& line) = 0;
  /// It has ended, and has not failed.
  virtual void finished(int rank, Ending ending, const std::string& reason) = 0;
  virtual void failed(const Failure& failure) = 0;
};

/// A worker on this machine, and what is still to be read of it.
class LocalRank {
 public:
  LocalRank(int rank, const std::filesystem::path& executable)
      : LocalRank(rank, std::make_unique<WorkerProcess>(executable)) {}
  LocalRank(int rank, std::unique_ptr<WorkerProcess> worker)
      : rank_(rank), worker_(std::move(worker)) {}

  WorkerProcess& worker() { return *worker_; }
  const WorkerProcess& worker() const { return *worker_; }
  RankState state() const;
  bool ended() const { return ended_; }
  /// It has ended, but its process waits for another job.
  bool waits() const { return finished_ && finished_->waits; }
  std::unique_ptr<WorkerProcess> take_worker() { return std::move(worker_); }
  void renumber(int rank) { rank_ = rank; }

  void log_to(std::filesystem::path file) { log_file_ = std::move(file); }
  void add_sources(std::vector<pollfd>& sources) const;
  void read(RankListener& listener);

 private:
  // Each reads what has come; false when nothing had, or the source is closed.
  bool read_messages(RankListener& listener);
  bool read_output(RankListener& listener);
  void take_line(const std::string& line, RankListener& listener);
  void tell_end(const Exit& exit, RankListener& listener);
  Died death(const Exit& exit) const;

  int rank_;
  std::int64_t oom_kills_before_ = count_oom_kills();
  std::unique_ptr<WorkerProcess> worker_;
  bool channel_open_ = true;
  bool output_open_ = true;
  bool ended_ = false;
  std::optional<protocol::Finished> finished_;  ///< its last word
  std::string partial_line_;
  std::string last_line_;
  std::filesystem::path log_file_;
  std::ofstream log_;
};

}  // namespace runner
