#pragma once

namespace runner {

/// Turns the signals that end a program and SIGCHLD into readable events. Made before any thread,
/// so that all threads leave them alone for good; worker processes start with them unblocked.
/// SIGPIPE is ignored: training goes on when nobody reads its output any more.
class Signals {
 public:
  Signals();
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  /// Readable when a signal has come.
  int fd() const { return fd_; }

  /// How many requests to stop (SIGINT, SIGTERM, SIGHUP, and SIGUSR1, which
  /// Slurm's --signal sends) came since the last call.
  int take_stop_requests();
  /// Whether one of them was SIGUSR1: a time limit is near.
  bool time_is_nearly_up() const { return time_is_nearly_up_; }

 private:
  int fd_;
  bool time_is_nearly_up_ = false;
};

}  // namespace runner
