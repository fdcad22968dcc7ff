#pragma once

#include "registry/parallel/presence.hpp"

#include <atomic>
#include <cstdint>
#include <memory>

namespace runner {

/// Where a worker is, in memory that it shares with the supervisor: written at every step for next
/// to nothing, read whenever the supervisor draws, and still there when the worker has been killed.
struct Heartbeat {
  std::atomic<std::int64_t> step{0};     ///< optimizer steps completed
  std::atomic<std::int64_t> samples{0};  ///< training samples seen
  std::atomic<double> loss{0};           ///< train/loss when last recorded
  std::atomic<double> lr{0};
  std::atomic<std::int64_t> first_step_at{
      0};                              ///< Unix time in microseconds; 0 before the first step
  std::atomic<std::int64_t> pulse{0};  ///< counted by a thread that does nothing else
  Presence presence;

  void clear() {
    step = samples = first_step_at = 0;
    loss = lr = 0;
  }
};

/// An anonymous file with one Heartbeat, to be inherited by a worker.
class SharedHeartbeat {
 public:
  /// Creates it.
  SharedHeartbeat();
  /// Maps the one behind an inherited descriptor, and closes it.
  explicit SharedHeartbeat(int fd);
  ~SharedHeartbeat();
  SharedHeartbeat(const SharedHeartbeat&) = delete;
  SharedHeartbeat& operator=(const SharedHeartbeat&) = delete;

  Heartbeat& operator*() const { return *heartbeat_; }
  Heartbeat* operator->() const { return heartbeat_; }
  int fd() const { return fd_; }

 private:
  void map();

  int fd_ = -1;
  Heartbeat* heartbeat_ = nullptr;
};

}  // namespace runner
