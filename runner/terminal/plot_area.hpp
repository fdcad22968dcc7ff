#pragma once

#include "runner/terminal/picture.hpp"
#include "runner/terminal/scale.hpp"

#include <string>
#include <vector>

namespace runner {

/// Something along a horizontal axis.
struct Tick {
  double place;  ///< 0 to 1
  std::string label;
};

/// The inside of a frame that has a value axis at its left and ticks below. Dots count from the
/// upper left of the inside.
class PlotArea {
 public:
  PlotArea(const Scale& values, int columns, int lines);

  int dots_across() const { return 2 * columns_; }
  /// The upper left of the four dots that stand for a trial.
  int x(double place) const;
  int y(double value) const;

  Braille empty() const { return {columns_, lines_}; }
  void lay(const Braille& dots, Ink ink = {});
  /// A letter in place of the dots at x and y.
  void mark(int x, int y, std::string_view letter, Ink ink = {});
  /// A letter on the horizontal axis.
  void mark_axis(int x, std::string_view letter, Ink ink = {});
  /// Labels that fit, those in front first, with a mark on the axis each.
  void label(const std::vector<Tick>& ticks);

  std::string text(bool coloured) const { return picture_.text(coloured); }

 private:
  void label_values();

  Scale values_;
  int left_, columns_, lines_;
  Picture picture_;
};

}  // namespace runner
