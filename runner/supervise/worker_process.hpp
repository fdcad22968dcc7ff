#pragma once

#include "runner/protocol/channel.hpp"
#include "runner/protocol/event.hpp"
#include "runner/protocol/heartbeat.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace runner {

/// How a process ended.
struct Exit {
  int code = 0;           ///< when it exited by itself
  int signal = 0;         ///< what killed it; 0: nothing did
  double peak_bytes = 0;  ///< of its memory
};

/// One rank: a running `runner-worker`, spawned and never forked, so that no CUDA context is
/// shared. It is in a process group of its own, since Ctrl-C is for the supervisor to answer, and
/// it dies with the supervisor.
class WorkerProcess {
 public:
  explicit WorkerProcess(const std::filesystem::path& executable);
  /// Kills it if it still runs.
  ~WorkerProcess();
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  Channel& channel() { return *channel_; }
  /// The next message that has been read whole. Throws BadMessage, and std::runtime_error for a
  /// worker of another version.
  std::optional<protocol::FromWorker> take();
  int channel_fd() const { return channel_->fd(); }
  const Heartbeat& heartbeat() const { return *heartbeat_; }
  /// Its heartbeat is as before a first job.
  void forget_last_job() { heartbeat_->clear(); }
  /// What it prints on standard output and standard error.
  int output_fd() const { return output_fd_; }
  pid_t pid() const { return pid_; }

  void signal(int number) const;
  /// How it ended; empty while it runs.
  std::optional<Exit> poll_exit();
  Exit wait();

 private:
  pid_t pid_ = -1;
  int output_fd_ = -1;
  std::unique_ptr<Channel> channel_;
  SharedHeartbeat heartbeat_;
  std::optional<Exit> exit_;
  bool knows_worker_ = false;  ///< it has told its version, which is this program's
};

/// The `runner-worker` beside this program: in its own folder, or in ../libexec/runner when
/// installed.
std::filesystem::path find_worker();

}  // namespace runner
