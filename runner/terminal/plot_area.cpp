#include "runner/terminal/plot_area.hpp"

#include "runner/terminal/letters.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace runner {
namespace {

constexpr int value_width = 10;
constexpr int label_gap = 2;

}  // namespace

PlotArea::PlotArea(const Scale& values, int columns, int lines)
    : values_(values),
      left_(value_width + 2),
      columns_(columns - left_),
      lines_(lines),
      picture_(columns, lines + 2) {
  for (int line = 0; line < lines_; ++line) picture_.write(left_ - 1, line, "│");
  picture_.write(left_ - 1, lines_, "└");
  for (int i = 0; i < columns_; ++i) picture_.write(left_ + i, lines_, "─");
  label_values();
}

void PlotArea::label_values() {
  const auto write = [this](int line, double value) {
    picture_.write(0, line, fmt::format("{:>{}} ┤", short_number(value), value_width));
  };
  if (values_.is_constant()) return write(y(values_.low()) / 4, values_.low());
  const int middle = lines_ / 2;
  write(middle, values_.value_at(1 - (4 * middle + 1.5) / (4 * lines_ - 1)));
  write(0, values_.high());
  write(lines_ - 1, values_.low());
}

int PlotArea::x(double place) const {
  return static_cast<int>(std::lround(place * (dots_across() - 2)));
}

int PlotArea::y(double value) const {
  if (values_.is_constant()) return 4 * (lines_ / 2) + 1;
  return static_cast<int>(std::lround((1 - values_.place(value)) * (4 * lines_ - 2)));
}

void PlotArea::lay(const Braille& dots, Ink ink) { picture_.lay(dots, left_, 0, ink); }

void PlotArea::mark(int x, int y, std::string_view letter, Ink ink) {
  picture_.write(left_ + x / 2, y / 4, letter, ink);
}

void PlotArea::mark_axis(int x, std::string_view letter, Ink ink) {
  picture_.write(left_ + x / 2, lines_, letter, ink);
}

void PlotArea::label(const std::vector<Tick>& ticks) {
  for (const auto& [place, label] : ticks) {
    const int column = left_ + x(place) / 2;
    const int width = display_width(label);
    const int begin = std::clamp(column - width / 2, 0, picture_.columns() - width);
    if (!picture_.is_blank(begin - label_gap, lines_ + 1, width + 2 * label_gap)) continue;
    picture_.write(begin, lines_ + 1, label);
    picture_.write(column, lines_, "┬");
  }
}

}  // namespace runner
