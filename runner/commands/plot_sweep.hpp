#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace runner {

struct SweepPlotOptions {
  std::string sweep;
  std::optional<std::string> metric, mode;
  std::vector<std::string> parameters;  ///< two of them for a heat map; none: all
  std::optional<std::filesystem::path> database;
  bool json = false;
};

/// Draws a sweep, or prints all of it as JSON: the best so far, a line for each trial over all
/// parameters, a slice for each parameter, and the pair that matters most as a heat map.
int plot_sweep(const SweepPlotOptions& options);

/// Whether a sweep is meant, and not a run. Throws UserError where there is neither.
bool is_sweep(const std::string& name, const std::optional<std::filesystem::path>& database);

}  // namespace runner
