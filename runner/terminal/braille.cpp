#include "runner/terminal/braille.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace runner {

Braille::Braille(int columns, int rows)
    : columns_(columns), letters_(static_cast<std::size_t>(columns * rows)) {}

void Braille::dot(int x, int y) {
  // Unicode 15, "Braille Patterns": the dots' bits, by row, in the left and the right column.
  constexpr std::array<std::array<unsigned, 2>, 4> bits{
      {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}}};
  if (x < 0 || y < 0 || x >= 2 * columns_ || y >= 4 * rows()) return;
  letters_[static_cast<std::size_t>(y / 4 * columns_ + x / 2)] |=
      bits[static_cast<std::size_t>(y % 4)][static_cast<std::size_t>(x % 2)];
}

void Braille::blot(int x, int y) {
  dot(x, y);
  dot(x + 1, y);
  dot(x, y + 1);
  dot(x + 1, y + 1);
}

void Braille::line(int x0, int y0, int x1, int y1, int every) {
  const int steps = std::max({std::abs(x1 - x0), std::abs(y1 - y0), 1});
  for (int i = 0; i <= steps; i += every) {
    const double way = static_cast<double>(i) / steps;
    dot(x0 + static_cast<int>(std::lround(way * (x1 - x0))),
        y0 + static_cast<int>(std::lround(way * (y1 - y0))));
  }
}

std::string Braille::letter(int column, int row) const {
  const auto dots = letters_[static_cast<std::size_t>(row * columns_ + column)];
  if (dots == 0) return " ";
  // U+2800 and the dots, in UTF-8.
  return {'\xE2', static_cast<char>(0xA0U | dots >> 6U), static_cast<char>(0x80U | (dots & 0x3FU))};
}

std::string Braille::row(int number) const {
  std::string text;
  for (int column = 0; column < columns_; ++column) text += letter(column, number);
  return text.erase(text.find_last_not_of(' ') + 1);
}

}  // namespace runner
