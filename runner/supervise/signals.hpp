#pragma once

#include "runner/supervise/stop_source.hpp"

namespace runner {

/// Turns the signals that end a program and SIGCHLD into readable events. Made before any thread,
/// so that all threads leave them alone for good; worker processes start with them unblocked.
/// SIGPIPE is ignored: training goes on when nobody reads its output any more.
class Signals : public StopSource {
 public:
  Signals();
  ~Signals() override;
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  /// Readable when a signal has come.
  int fd() const override { return fd_; }

  /// How many requests to stop (SIGINT, SIGTERM, SIGHUP, and SIGUSR1, which
  /// Slurm's --signal sends) came since the last call.
  int take_stop_requests() override;
  /// Whether one of them was SIGUSR1.
  bool time_is_nearly_up() const override { return time_is_nearly_up_; }
  /// Whether one of them was no Ctrl-C: whoever sends it does not wait long.
  bool is_pressing() const { return is_pressing_; }

 private:
  int fd_;
  bool time_is_nearly_up_ = false;
  bool is_pressing_ = false;
};

}  // namespace runner
