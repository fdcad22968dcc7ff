#pragma once

#include "runner/launch/channel.hpp"

#include <string>

namespace runner {

/// A place in the training: what a metric's point is recorded at.
struct At {
  std::int64_t step = 0;
  double epoch = 0;  ///< with its fraction
};

/// Sends metrics to the supervisor, a few times a second and not one by one.
class Telemetry {
 public:
  explicit Telemetry(Channel& channel) : channel_(channel) {}
  ~Telemetry() { flush(); }
  Telemetry(const Telemetry&) = delete;
  Telemetry& operator=(const Telemetry&) = delete;

  void record(const std::string& metric, const At& at, double value);
  void flush();

 private:
  Channel& channel_;
  Json points_ = Json::array();
  std::int64_t last_flush_ms_ = 0;
};

}  // namespace runner
