#pragma once

#include "runner/answers/run_curves.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace runner {

struct CurvePlotOptions {
  std::vector<std::string> runs;  ///< as a user names them
  std::string metrics;            ///< separated by commas; empty: the usual ones
  CurveAxis axis;
  bool logarithmic;
  double smoothing;
  std::optional<std::int64_t> points;
  std::optional<std::filesystem::path> out;  ///< its ending says the format
  int width, height;                         ///< of the picture; height 0: as it needs
  bool overwrite;
  bool json, csv;
  std::optional<std::filesystem::path> database;
};

/// Draws metrics of runs over their steps, on the terminal or as a file, or prints their points.
int plot_curves(const CurvePlotOptions& options);

}  // namespace runner
