#include "experiments/lexer.hpp"

#include "experiments/error.hpp"
#include "experiments/text.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace runner::filter {
namespace {

constexpr std::string_view blanks = " \t\n\r";
constexpr std::string_view signs = "=!<>~";
constexpr std::string_view ends_of_word = " \t\n\r=!<>~()'\"";

bool is_one_of(char letter, std::string_view set) { return set.find(letter) != set.npos; }

Token read_comparison(std::string_view filter, std::size_t place) {
  const bool two = place + 1 < filter.size() && filter[place + 1] == '=' && filter[place] != '~';
  const auto text = filter.substr(place, two ? 2 : 1);
  if (text == "!")
    throw UserError(point_at("'!' alone is no comparison; use != or not", filter, place));
  return {Token::Kind::comparison, std::string(text), place, text.size()};
}

Token read_quoted(std::string_view filter, std::size_t place) {
  const char quote = filter[place];
  const auto kind = quote == '"' ? Token::Kind::name : Token::Kind::text;
  std::string text;
  for (std::size_t at = place + 1; at < filter.size(); text += filter[at++]) {
    if (filter[at] != quote) continue;
    const bool is_doubled = at + 1 < filter.size() && filter[at + 1] == quote;
    if (!is_doubled) return {kind, text, place, at + 1 - place};
    ++at;
  }
  throw UserError(point_at("this quote is never closed", filter, place));
}

Token read_word(std::string_view filter, std::size_t place) {
  const auto end = std::min(filter.find_first_of(ends_of_word, place), filter.size());
  return {Token::Kind::word, std::string(filter.substr(place, end - place)), place, end - place};
}

Token read(std::string_view filter, std::size_t place) {
  const char first = filter[place];
  if (first == '(') return {Token::Kind::open, "(", place, 1};
  if (first == ')') return {Token::Kind::close, ")", place, 1};
  if (first == '\'' || first == '"') return read_quoted(filter, place);
  return is_one_of(first, signs) ? read_comparison(filter, place) : read_word(filter, place);
}

}  // namespace

std::vector<Token> tokenize(std::string_view filter) {
  std::vector<Token> tokens;
  for (std::size_t place = 0; (place = filter.find_first_not_of(blanks, place)) != filter.npos;) {
    tokens.push_back(read(filter, place));
    place += tokens.back().size;
  }
  tokens.push_back({Token::Kind::end, "", filter.size(), 0});
  return tokens;
}

std::string point_at(std::string_view message, std::string_view filter, std::size_t place) {
  return fmt::format("{}\n  {}\n  {:>{}}", message, filter, '^',
                     letters_in(filter.substr(0, place)) + 1);
}

}  // namespace runner::filter
