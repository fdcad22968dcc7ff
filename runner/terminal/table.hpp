#pragma once

#include "runner/terminal/letters.hpp"

#include <string>
#include <vector>

namespace runner {

/// Rows of texts in aligned columns, two blanks apart.
class Table {
 public:
  enum class Align { left, right };

  void add_column(std::string title, Align align = Align::left);
  /// A new row, to be filled with one text for each column.
  std::vector<std::string>& add_row();

  /// One line for the titles, if there are any, and one for each row. Where they do not fit into
  /// `width` columns, titles wider than what stands below them are cut first, then the texts of the
  /// widest column; numbers (what is aligned right) and the first column stay whole. 0 is no limit.
  std::string text(int width = 0) const;

 private:
  struct Column {
    std::string title;
    Align align;
  };

  std::vector<int> widths(int limit) const;
  int content_width(std::size_t column) const;
  std::string title(std::size_t column, int width) const;
  std::string line(const std::vector<std::string>& cells, const std::vector<int>& widths) const;

  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace runner
