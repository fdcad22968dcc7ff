#pragma once

#include "runner/terminal/braille.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace runner {

/// Of xterm's 256 colours, those of a letter and what is behind it.
struct Ink {
  std::optional<int> letter, ground;

  bool operator==(const Ink&) const = default;
};

/// Lines of letters, each in its colour. What is put over another replaces it; what lies outside
/// is cut off.
class Picture {
 public:
  Picture(int columns, int rows);

  int columns() const { return columns_; }

  void write(int column, int row, std::string_view text, Ink ink = {});
  /// The letters that have dots.
  void lay(const Braille& dots, int column, int row, Ink ink = {});
  /// True where so many columns are still blank.
  bool is_blank(int column, int row, int width) const;

  /// Without blanks at the lines' ends; each line ends in "\n". Colours are ANSI's sequences.
  std::string text(bool coloured) const;

 private:
  struct Cell {
    std::string letter = " ";  ///< empty: the right half of a wide one
    Ink ink;

    bool operator==(const Cell&) const = default;
  };

  Cell* find(int column, int row);
  std::string line(std::vector<Cell> cells, bool coloured) const;

  int columns_;
  std::vector<std::vector<Cell>> rows_;
};

}  // namespace runner
