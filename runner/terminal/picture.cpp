#include "runner/terminal/picture.hpp"

#include "experiments/text.hpp"
#include "runner/terminal/letters.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace runner {
namespace {

/// What turns the ink on.
std::string sequence(const Ink& ink) {
  std::string codes;
  if (ink.letter) codes += fmt::format("38;5;{}", *ink.letter);
  if (ink.ground) codes += fmt::format("{}48;5;{}", codes.empty() ? "" : ";", *ink.ground);
  return "\033[" + codes + "m";
}

}  // namespace

Picture::Picture(int columns, int rows)
    : columns_(columns),
      rows_(static_cast<std::size_t>(rows), std::vector<Cell>(static_cast<std::size_t>(columns))) {}

Picture::Cell* Picture::find(int column, int row) {
  if (column < 0 || row < 0 || column >= columns_ || row >= static_cast<int>(rows_.size()))
    return nullptr;
  return &rows_[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)];
}

void Picture::write(int column, int row, std::string_view text, Ink ink) {
  for (; !text.empty(); text.remove_prefix(first_letter(text).bytes.size())) {
    const auto [bytes, width] = first_letter(text);
    if (width == 0) {
      if (auto* before = find(column - 1, row)) before->letter += bytes;
      continue;
    }
    auto* first = find(column, row);
    auto* last = find(column + width - 1, row);
    if (first && last) {
      *last = {"", ink};
      *first = {problem_of_line(bytes).empty() ? std::string(bytes) : "\uFFFD", ink};
    }
    column += width;
  }
}

void Picture::lay(const Braille& dots, int column, int row, Ink ink) {
  for (int y = 0; y < dots.rows(); ++y)
    for (int x = 0; x < dots.columns(); ++x)
      if (const auto letter = dots.letter(x, y); letter != " ")
        write(column + x, row + y, letter, ink);
}

bool Picture::is_blank(int column, int row, int width) const {
  for (int i = column; i < column + width; ++i) {
    if (i < 0 || i >= columns_) continue;
    if (rows_[static_cast<std::size_t>(row)][static_cast<std::size_t>(i)] != Cell{}) return false;
  }
  return true;
}

std::string Picture::line(std::vector<Cell> cells, bool coloured) const {
  const auto is_seen = [coloured](const Cell& cell) {
    return cell.letter != " " || (coloured && cell.ink.ground);
  };
  while (!cells.empty() && !is_seen(cells.back())) cells.pop_back();
  std::string text;
  Ink before;
  for (const auto& [letter, ink] : cells) {
    if (coloured && ink != before) {
      if (before != Ink{}) text += "\033[0m";
      if (ink != Ink{}) text += sequence(ink);
      before = ink;
    }
    text += letter;
  }
  return text + (before != Ink{} ? "\033[0m\n" : "\n");
}

std::string Picture::text(bool coloured) const {
  std::string text;
  for (const auto& row : rows_) text += line(row, coloured);
  return text;
}

}  // namespace runner
