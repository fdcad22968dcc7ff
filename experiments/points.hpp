#pragma once

#include "experiments/sqlite.hpp"

#include <cstdint>
#include <functional>

namespace runner {

struct MetricPoint {
  std::int64_t step;
  double epoch;  ///< NaN where it was not told
  double value;
  std::int64_t time;  ///< Unix time in ms
};

struct StepRange {
  std::int64_t first = INT64_MIN, last = INT64_MAX;  ///< both within
};

/// A series' points within the steps, in their order.
void for_each_point(const Database& database, std::int64_t series_id,
                    const std::function<void(const MetricPoint&)>& use, StepRange steps = {});

}  // namespace runner
