#pragma once

#include "runner/answers/run_curves.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace runner::figure {

/// A picture of curves: a panel for each metric, one above the other, with one legend.
struct Figure {
  std::vector<MetricCurves> panels;
  CurveAxis axis = CurveAxis::step;
  bool logarithmic = false;
  bool smoothed = false;  ///< the curves as they are lie faintly behind the smoothed ones
  int width = 800;        ///< pixels
  int height = 0;         ///< 0: as many panels need
};

/// The height below which its panels are too low to be read.
int least_height(const Figure& figure);

/// The height that it has.
int height_of(const Figure& figure);

/// Of the series' i-th; told apart by the colour-blind, and 3:1 against white.
std::string_view colour_of(std::size_t i);

/// As SVG, in which text is text.
std::string svg(const Figure& figure);

}  // namespace runner::figure
