#pragma once

#include "experiments/matrices.hpp"
#include "experiments/run.hpp"
#include "experiments/sqlite.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace runner {

/// A metric over the whole run. A value that is NaN throughout has a NaN for `min` and `max`.
struct Summary {
  std::string metric;
  std::int64_t count;
  std::int64_t last_step;
  double last;
  double min;
  double max;
};

/// What the metrics were at the end of an epoch, in the order of `RunDetails::metrics`.
struct EpochRow {
  std::int64_t epoch;
  std::vector<std::optional<double>> values;
};

/// Of which sweep a run is a trial.
struct TrialOf {
  std::string sweep, name;
  std::int64_t number;
  std::string parameters;  ///< JSON: path -> value
};

/// All that is known of a run, without its points.
struct RunDetails {
  std::string id;
  std::string status;
  std::string reason;
  std::int64_t started;
  std::optional<std::int64_t> ended;
  std::int64_t restarts;
  std::int64_t idle;  ///< ms between its attempts
  Run run;
  std::vector<std::string> commands;  ///< of its attempts; of equal neighbours one
  std::optional<TrialOf> trial;
  std::vector<Summary> metrics;
  std::vector<EpochRow> epochs;
  std::vector<MatrixSteps> matrices;
  std::vector<Checkpoint> checkpoints;
};

/// Neither running nor queued.
bool is_over(const RunDetails& run);

/// Seconds that it has run, until now if it still does; empty while it waits in a queue.
std::optional<double> duration(const RunDetails& run);

RunDetails read_run(const Database& database, std::string_view id);

}  // namespace runner
