#pragma once

#include <string>
#include <vector>

namespace runner {

/// Letters of 2 x 4 dots each, Unicode's Braille patterns; dots count from the upper left.
class Braille {
 public:
  Braille(int columns, int rows);

  int columns() const { return columns_; }
  int rows() const { return static_cast<int>(letters_.size()) / columns_; }

  /// Dots outside are passed over.
  void dot(int x, int y);
  /// Four dots, of which this is the upper left: seen well by itself.
  void blot(int x, int y);
  /// Of every dot, or dotted: every so many.
  void line(int x0, int y0, int x1, int y1, int every = 1);

  /// A blank where there is no dot.
  std::string letter(int column, int row) const;
  /// Without blanks at its end.
  std::string row(int number) const;

 private:
  int columns_;
  std::vector<unsigned> letters_;
};

}  // namespace runner
