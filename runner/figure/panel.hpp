#pragma once

#include "runner/figure/figure.hpp"

#include <string>

namespace runner::figure {

/// Pixels of a picture.
struct Box {
  double left, top, right, bottom;
};

/// One metric inside of a box, with what labels it at its left and below.
std::string panel(const Figure& figure, const MetricCurves& curves, const Box& box,
                  const std::string& id);

/// How much room its value axis needs at the left.
double label_room(const Figure& figure, const MetricCurves& curves, const Box& box);

}  // namespace runner::figure
