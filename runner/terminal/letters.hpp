#pragma once

#include <string>
#include <string_view>

namespace runner {

/// A letter in UTF-8 and the columns that it takes on a terminal: 0 for a combining mark, 2 for a
/// wide letter or an emoji.
struct Letter {
  std::string_view bytes;
  int width;
};

/// Of a text that is not empty. A byte that begins no letter counts as a letter by itself.
Letter first_letter(std::string_view utf8);

/// Columns a text takes on a terminal.
int display_width(std::string_view utf8);

/// The text, or what fits of it into so many columns and "…" in place of the rest.
std::string without_end(const std::string& text, int width);
std::string without_beginning(const std::string& text, int width);

}  // namespace runner
