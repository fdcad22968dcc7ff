#include "runner/terminal/table.hpp"

#include "experiments/text.hpp"

#include <algorithm>
#include <numeric>

namespace runner {
namespace {

constexpr int column_gap = 2;
constexpr int least_column_width = 4;

int total_width(const std::vector<int>& widths) {
  return std::reduce(widths.begin(), widths.end()) +
         column_gap * (static_cast<int>(widths.size()) - 1);
}

// Takes from the widest column that may still give, until all of them fit.
void narrow(std::vector<int>& widths, const std::vector<int>& least, int limit) {
  while (total_width(widths) > limit) {
    std::size_t widest = widths.size();
    for (std::size_t i = 0; i < widths.size(); ++i) {
      if (widths[i] > least[i] && (widest == widths.size() || widths[i] > widths[widest]))
        widest = i;
    }
    if (widest == widths.size()) return;
    --widths[widest];
  }
}

}  // namespace

void Table::add_column(std::string title, Align align) {
  columns_.push_back({std::move(title), align});
}

std::vector<std::string>& Table::add_row() { return rows_.emplace_back(); }

int Table::content_width(std::size_t column) const {
  int width = std::min(least_column_width, display_width(columns_[column].title));
  for (const auto& row : rows_) width = std::max(width, display_width(row[column]));
  return width;
}

std::vector<int> Table::widths(int limit) const {
  std::vector<int> widths, without_titles, least;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const int content = content_width(i);
    const bool whole = i == 0 || columns_[i].align == Align::right;
    widths.push_back(std::max(content, display_width(columns_[i].title)));
    without_titles.push_back(content);
    least.push_back(whole ? content : std::min(content, least_column_width));
  }
  if (limit > 0) {
    narrow(widths, without_titles, limit);
    narrow(widths, least, limit);
  }
  return widths;
}

// A path's end says more than its beginning.
std::string Table::title(std::size_t column, int width) const {
  const auto& [title, align] = columns_[column];
  return align == Align::left ? without_end(title, width) : without_beginning(title, width);
}

std::string Table::line(const std::vector<std::string>& cells,
                        const std::vector<int>& widths) const {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string cell = without_end(cells[i], widths[i]);
    const std::string blanks(static_cast<std::size_t>(widths[i] - display_width(cell)), ' ');
    line += columns_[i].align == Align::left ? cell + blanks : blanks + cell;
    line.append(column_gap, ' ');
  }
  return line.erase(line.find_last_not_of(' ') + 1) + "\n";
}

std::string Table::text(int width) const {
  const auto is_bad = [](const std::string& cell) { return !problem_of_line(cell).empty(); };
  const auto has_bad = [&](const auto& row) { return std::ranges::any_of(row, is_bad); };
  if (std::ranges::any_of(rows_, has_bad) ||
      std::ranges::any_of(columns_, is_bad, &Column::title)) {
    auto clean = *this;
    for (auto& row : clean.rows_)
      for (auto& cell : row) cell = printable(cell);
    for (auto& column : clean.columns_) column.title = printable(column.title);
    return clean.text(width);
  }
  const auto widths = this->widths(width);
  std::vector<std::string> titles;
  for (std::size_t i = 0; i < columns_.size(); ++i) titles.push_back(title(i, widths[i]));
  const bool titled = std::ranges::any_of(titles, [](const auto& title) { return !title.empty(); });
  std::string text = titled ? line(titles, widths) : "";
  for (const auto& row : rows_) text += line(row, widths);
  return text;
}

}  // namespace runner
