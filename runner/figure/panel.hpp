#pragma once

#include "runner/figure/figure.hpp"

#include <string>

namespace runner::figure {

/// The height of letters, and how wide one is taken for, in pixels.
constexpr double font = 12, letter = 0.6 * font;

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
