#pragma once

#include "experiments/details.hpp"

#include <optional>
#include <string>
#include <vector>

namespace runner {

/// What is to be seen of a run while it goes on.
struct Watched {
  RunDetails details;
  std::int64_t step = 0;              ///< the last that was recorded
  std::optional<std::int64_t> steps;  ///< of the whole run, where that is known
  double steps_per_second = 0;        ///< 0: not known yet
  std::string metric;                 ///< the one that is drawn; empty: nothing was recorded yet
  std::vector<double> curve;          ///< evenly spaced
};

/// `step 1,240 of 13,132  41.2 it/s  ETA 4:48`
std::string progress_of(const Watched& run);

/// Head, progress, the curve and the metrics, in so many columns and lines.
std::string watch_page(const Watched& run, int width, int height);

}  // namespace runner
