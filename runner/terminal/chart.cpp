#include "runner/terminal/chart.hpp"

#include "runner/terminal/braille.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace runner {
namespace {

constexpr int label_width = 10;
constexpr int least_columns = 10;

int plot_columns(int width) { return std::max(least_columns, width - label_width - 2); }

std::string label(double value) { return fmt::format("{:>{}.4g} ", value, label_width); }

}  // namespace

int chart_resolution(int width) { return 2 * plot_columns(width); }

std::string chart(const std::vector<double>& values, int width, int height) {
  const auto [low, high] = std::ranges::minmax(values);
  const int columns = plot_columns(width);
  const int lowest_dot = 4 * height - 1;
  const auto dot_of = [&, low = low, high = high](double value) {
    // A line that does not change runs along the top, beside its value.
    const double above = high > low ? (high - value) / (high - low) : 0;
    return static_cast<int>(std::lround(above * lowest_dot));
  };

  Braille canvas(columns, height);
  int before = dot_of(values.front());
  for (int x = 0; x < std::min(2 * columns, static_cast<int>(values.size())); ++x) {
    const int y = dot_of(values[static_cast<std::size_t>(x)]);
    // A jump is joined by the dots between, in the column that it leads to.
    const int join = y < before ? before - 1 : y > before ? before + 1 : y;
    const auto [top, bottom] = std::minmax({y, join});
    for (int dot = top; dot <= bottom; ++dot) canvas.dot(x, dot);
    before = y;
  }

  std::string text;
  for (int i = 0; i < height; ++i) {
    const auto beside = i == 0                          ? label(high)
                        : i == height - 1 && high > low ? label(low)
                                                        : std::string(label_width + 1, ' ');
    text += beside + "│" + canvas.row(i) + "\n";
  }
  return text;
}

std::string chart_axis(const std::string& left, const std::string& right, int width) {
  const int columns = chart_resolution(width) / 2;
  return fmt::format("{0:>{1}}└{0:─>{2}}\n{0:>{1}} {3:<{4}}{5:>{6}}\n", "", label_width + 1,
                     columns, left, columns / 2, right, columns - columns / 2);
}

}  // namespace runner
