#pragma once

#include "runner/answers/statistics.hpp"
#include "runner/answers/trial_table.hpp"

#include <optional>
#include <span>
#include <vector>

namespace runner {

/// Trials that are alike but for `seed`.
struct SweepCell {
  Parameters parameters;  ///< of the first of them, without `seed`
  std::vector<const SweepTrial*> trials;

  /// Of those that have one.
  std::vector<double> values() const;
};

/// In the order of their first trials. The order in which a trial names its parameters is of no
/// meaning. The cells point into `trials`.
std::vector<SweepCell> cells_of(std::span<const SweepTrial> trials);

/// What the seeds of a cell came to.
struct CellSummary {
  Parameters parameters;
  std::vector<std::int64_t> trials;  ///< the numbers of all
  std::int64_t n = 0;                ///< with a value
  std::int64_t failed = 0;
  std::string status;  ///< that of its trials; empty where they differ
  std::optional<double> mean;
  std::optional<double> standard_deviation;    ///< where n is 2 or more
  std::optional<ConfidenceInterval> interval;  ///< of the mean, 95 %; where n is 2 or more
};

/// The best mean first, cells without a value last; equal ones in the order of their trials.
std::vector<CellSummary> summarise(std::span<const SweepTrial> trials, Goal goal);

}  // namespace runner
