#pragma once

#include "runner/answers/statistics.hpp"
#include "runner/answers/trial_table.hpp"

#include <optional>
#include <string>
#include <vector>

namespace runner {

/// How far a metric may get worse.
struct Tolerance {
  double amount = 0;
  bool is_share = false;  ///< of the baseline's value: "1 %"
};

/// "0.002", "1%" or "1 %"; empty when it is neither, or below 0.
std::optional<Tolerance> parse_tolerance(const std::string& text);

struct Verdict {
  double value = 0, baseline = 0;  ///< means
  double worse_by = 0;             ///< below 0: better
  double allowed = 0;
  std::optional<WelchTest> test;  ///< where both have several runs
  bool regressed = false;
};

/// Worse by more than the tolerance; and, where several runs tell how much they vary by chance,
/// with a p below `p`. A value that is no number has regressed.
Verdict judge(const std::vector<double>& values, const std::vector<double>& baseline, Goal goal,
              const Tolerance& tolerance, double p);

}  // namespace runner
