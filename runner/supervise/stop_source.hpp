#pragma once

namespace runner {

/// Where requests to stop a run come from.
struct StopSource {
  virtual ~StopSource() = default;
  /// Readable when there may be one.
  virtual int fd() const = 0;
  /// How many came since the last call. The first stops a run after the current step, the second
  /// at once.
  virtual int take_stop_requests() = 0;
  /// Whether one of them came because a time limit is near.
  virtual bool time_is_nearly_up() const { return false; }
};

}  // namespace runner
