#pragma once

#include <string>
#include <vector>

namespace runner {

/// A line through `values`, which are evenly spaced, in Unicode's Braille patterns (2 x 4 dots a
/// letter), with the highest and the lowest value beside it. `width` is that of the whole, in
/// columns. Every line ends in "\n".
std::string chart(const std::vector<double>& values, int width, int height);

/// Its horizontal axis, with what stands at its ends; two lines.
std::string chart_axis(const std::string& left, const std::string& right, int width);

/// How many values such a chart shows, one for each column of dots.
int chart_resolution(int width);

}  // namespace runner
