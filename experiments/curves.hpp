#pragma once

#include "experiments/sqlite.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace runner {

/// Neighbouring points of a metric as one: the mean, and what lies around it. A NaN among them is
/// passed over; where there is nothing else, `mean`, `min` and `max` are NaN.
struct CurvePoint {
  std::int64_t step;  ///< of the last of them; so are epoch and time
  double epoch;       ///< NaN where it was not told
  std::int64_t time;  ///< Unix time in ms
  std::int64_t count;
  double mean, min, max;
};

/// Which part of a curve, and how finely.
struct CurveRequest {
  std::int64_t first_step = 0;
  std::int64_t last_step = INT64_MAX;
  std::int64_t points = 1000;  ///< at most about so many; each stands for as many steps
};

/// A run's metric over its steps; empty when it has none of that name. Reads at most some thirty
/// rows for each point that is asked for, of summaries where there are more points (levels.hpp).
std::vector<CurvePoint> read_curve(const Database& database, std::string_view run_id,
                                   std::string_view metric, const CurveRequest& request = {});

}  // namespace runner
