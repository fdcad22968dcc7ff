#pragma once

#include "runner/answers/run_curves.hpp"

#include <string>

namespace runner {

/// How curves are drawn on a terminal.
struct CurveChartLook {
  CurveAxis axis = CurveAxis::step;
  bool logarithmic = false;
  int width = 80;   ///< columns; at least 40 are taken
  int height = 12;  ///< lines inside the frame
  bool coloured = false;
};

/// A metric's curves in Braille dots. Several runs have a colour and a letter each, and a legend
/// with their last and best-known values; without colours the letters lie on the curves.
std::string curve_chart(const MetricCurves& curves, const CurveChartLook& look);

/// A chart of each metric, one below the other.
std::string curve_charts(const std::vector<MetricCurves>& metrics, const CurveChartLook& look);

/// How many points such a chart can show of a curve.
int curve_chart_resolution(int width);

}  // namespace runner
