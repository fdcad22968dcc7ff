#pragma once

#include "runner/terminal/report.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace runner {

/// A trial that runs now.
struct RunningTrial {
  std::int64_t number = 0;
  std::string parameters;  ///< "optimizer.lr 0.3, seed 2"
  std::int64_t step = 0, last_step = 0;
  double loss = 0;
  std::optional<double> value;
};

/// A trial that has left its slot.
struct EndedTrial {
  std::int64_t number = 0;
  std::string parameters;
  std::string status;  ///< done, paused, pruned, stopped, retry, failed
  std::string reason;
  std::string run_id;
  std::optional<double> value;
  double seconds = 0;
};

/// A sweep as a user follows it.
struct SweepStatus {
  std::string id, name, recipe, metric;
  std::string division;  ///< "2 at a time (2 cores), 1 thread each"
  std::int64_t size = 0;
  std::int64_t done = 0, failed = 0, pruned = 0, paused = 0, elsewhere = 0;
  std::vector<RunningTrial> running;
  std::optional<EndedTrial> best;
  std::optional<double> seconds_left;
  double seconds = 0;
  bool stopping = false;
};

/// Tells of a sweep while it goes on. For one thread at a time.
struct SweepReport {
  virtual ~SweepReport() = default;
  virtual void begun(const SweepStatus& status) = 0;
  virtual void ended(const EndedTrial& trial, const SweepStatus& status) = 0;
  /// Some times a second.
  virtual void refresh(const SweepStatus&) {}
  /// On standard error, unless somebody knows better.
  virtual void warn(const std::string& text);
  virtual void stopping(bool at_once) = 0;
  virtual void over(const SweepStatus& status) = 0;
};

/// Automatic: a table that is drawn anew where standard output is a terminal, else plain lines.
std::unique_ptr<SweepReport> make_sweep_report(Verbosity verbosity);

}  // namespace runner
