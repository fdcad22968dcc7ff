#pragma once

#include "registry/description.hpp"
#include "runner/launch/heartbeat.hpp"
#include "runner/launch/signals.hpp"
#include "runner/launch/worker_process.hpp"

#include <string>

namespace runner {

/// What the supervisor tells of a run as it happens.
struct Observer {
  virtual ~Observer() = default;
  /// A message of the worker; see runner/launch/README.md for the events.
  virtual void event(const Json& message) = 0;
  /// Called about ten times a second.
  virtual void progress(const Heartbeat& heartbeat) = 0;
  /// A line that the worker printed.
  virtual void output(const std::string& line) = 0;
  /// The user asked to stop; the worker has been told.
  virtual void stopping() = 0;
};

enum class Ending { done, failed, interrupted };

/// How a run ended, and why.
struct Outcome {
  Ending ending = Ending::failed;
  std::string reason;
};

/// Watches a worker from its job to its end. Throws nothing of the worker's making: a worker that
/// dies is an outcome.
class Supervisor {
 public:
  Supervisor(WorkerProcess& worker, Signals& signals, Observer& observer)
      : worker_(worker), signals_(signals), observer_(observer) {}

  Outcome run(const Json& job);

 private:
  void wait_for_something() const;
  // Each reads what has come, if anything has; false when nothing had or the source is closed.
  bool read_messages();
  bool read_output();
  void answer_stop_requests();
  Outcome outcome(const Exit& exit) const;

  WorkerProcess& worker_;
  Signals& signals_;
  Observer& observer_;
  bool channel_open_ = true;
  bool output_open_ = true;
  int stop_requests_ = 0;
  Json finished_;  ///< the worker's last word; null until it comes
  std::string partial_line_;
  std::string last_line_;
};

}  // namespace runner
