#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace runner::filter {

/// A piece of a filter. As in SQL, a text stands in single quotes, a name may stand in double ones,
/// and a quote within is doubled.
struct Token {
  enum class Kind { word, text, name, comparison, open, close, end };
  Kind kind;
  std::string text;   // without the quotes
  std::size_t place;  // where it begins, in bytes
  std::size_t size;   // with the quotes
};

/// Cuts a filter into its pieces; the last one is `end`. A word is anything between blanks, quotes,
/// parentheses and the signs of comparison. Throws UserError with a caret under the place.
std::vector<Token> tokenize(std::string_view filter);

/// A UserError's text: the message, the filter, and a caret under the place.
std::string point_at(std::string_view message, std::string_view filter, std::size_t place);

}  // namespace runner::filter
