#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace runner {

struct SchedulePlotOptions {
  std::string recipe;
  std::vector<std::string> overrides;
  std::int64_t points;  ///< at most, for JSON and CSV
  bool json, csv;
};

/// Draws the learning rate that a recipe gives a run, without training.
int plot_schedule(const SchedulePlotOptions& options);

}  // namespace runner
