#pragma once

#include "runner/protocol/channel.hpp"
#include "runner/protocol/event.hpp"

#include <string>

namespace runner {

/// A place in the training: what a metric's point is recorded at.
struct At {
  std::int64_t step = 0;
  double epoch = 0;  ///< with its fraction
};

/// Sends metrics to the supervisor, a few times a second and not one by one. Of all ranks, one
/// speaks.
class Telemetry {
 public:
  Telemetry(Channel& channel, bool speaks) : channel_(channel), speaks_(speaks) {}
  ~Telemetry() { flush(); }
  Telemetry(const Telemetry&) = delete;
  Telemetry& operator=(const Telemetry&) = delete;

  void record(const std::string& metric, const At& at, double value);
  void flush();

 private:
  Channel& channel_;
  bool speaks_;
  protocol::Metrics waiting_;
  std::int64_t last_flush_ms_ = 0;
};

}  // namespace runner
