#pragma once

#include "experiments/sweeps.hpp"
#include "experiments/trials.hpp"
#include "runner/answers/trial_table.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace runner {

/// The trials of a sweep that prunes, each by the metric's value at the same point of its training:
/// the furthest that all have reached, which is where the first of them was pruned. What pruned
/// trials and finished ones came to last says how long they were trained, too.
struct SamePoint {
  std::string at;                 ///< "epoch 1", "step 500"
  std::vector<SweepTrial> table;  ///< what has no value there has none
  std::int64_t pruned = 0, paused = 0;

  /// "epoch 1, the last that all 12 trials reached (9 pruned)"
  std::string text() const;
};

/// None where no trial is pruned or paused. `table` has a row for each of `trials`.
std::optional<SamePoint> same_point(const Database& database, const Sweep& sweep,
                                    const std::string& metric, std::span<const Trial> trials,
                                    std::span<const SweepTrial> table);

}  // namespace runner
