#pragma once

#include "experiments/sweeps.hpp"
#include "experiments/trials.hpp"
#include "runner/answers/same_point.hpp"
#include "runner/answers/subject.hpp"
#include "runner/answers/trial_table.hpp"

#include <optional>
#include <string>
#include <vector>

namespace runner {

/// A sweep's trials with a metric's last values.
struct SweepAnswers {
  Sweep sweep;
  std::string metric;
  Goal goal = Goal::smaller;
  std::vector<Trial> trials;
  std::vector<SweepTrial> table;  ///< of each trial; what is not done has no value
  std::optional<SamePoint> same_point = {};

  /// What tells which parameters matter.
  const std::vector<SweepTrial>& comparable() const {
    return same_point ? same_point->table : table;
  }
};

/// `metric` and `mode`, when given, take the place of the sweep's own. Throws UserError for a sweep
/// or a metric that is not there.
SweepAnswers read_answers(const Database& database, const std::string& sweep,
                          const std::optional<std::string>& metric,
                          const std::optional<std::string>& mode);

/// The last values of one metric that `gate` and `race` compare: those of a sweep's done trials, or
/// of one run. Throws UserError where there is none.
std::vector<double> values_of(const Database& database, const Subject& of,
                              const std::string& metric);

/// Throws UserError for a --mode that contradicts the metric, and for none where it has no own.
Goal chosen_goal(const std::string& metric, const std::optional<std::string>& mode);

}  // namespace runner
