#include "experiments/nearest.hpp"

#include <algorithm>
#include <cctype>
#include <numeric>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace runner {
namespace {

// Optimal string alignment: insert, drop, replace, or swap two neighbours.
std::size_t distance(std::string_view from, std::string_view to) {
  std::vector<std::size_t> before(to.size() + 1), above(to.size() + 1), row(to.size() + 1);
  std::iota(above.begin(), above.end(), 0);
  for (std::size_t i = 1; i <= from.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= to.size(); ++j) {
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (from[i - 1] != to[j - 1])});
      const bool swapped = i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before = std::exchange(above, row);
  }
  return above.back();
}

/// Letters alone, all small: `CrossEntropyLoss` and `cross_entropy_loss` are one word.
std::string letters_of(std::string_view word) {
  std::string out;
  for (const char letter : word)
    if (letter != '_' && letter != '-')
      out += static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  return out;
}

/// Of two letters only a beginning or an end is as good as the word: `32` of `fp32`.
bool is_part(std::string_view part, std::string_view word) {
  if (part.size() < 2) return false;
  if (part.size() == 2) return word.starts_with(part) || word.ends_with(part);
  return word.find(part) != word.npos;
}

/// The digits of the first number in it.
std::string_view number_in(std::string_view word) {
  constexpr auto digits = "0123456789";
  const auto begin = word.find_first_of(digits);
  if (begin == word.npos) return "";
  return word.substr(begin, word.find_first_not_of(digits, begin) - begin);
}

/// `16` and `bfloat16` have the number of `bf16-mixed`; a word with letters begins as it does, too.
bool has_number_of(std::string_view word, std::string_view candidate) {
  const auto number = number_in(word);
  return number.size() > 1 && number == number_in(candidate) &&
         (number == word || word.front() == candidate.front());
}

}  // namespace

std::optional<std::string> nearest(std::string_view word,
                                   const std::vector<std::string>& candidates) {
  const auto letters = letters_of(word);
  std::pair<std::size_t, std::string> best{std::max<std::size_t>(1, letters.size() / 3) + 1, ""};
  for (const auto& candidate : candidates)
    best = std::min(best, {distance(letters, letters_of(candidate)), candidate});
  if (!best.second.empty()) return best.second;
  for (const auto& candidate : candidates)
    if (is_part(letters, letters_of(candidate))) return candidate;
  for (const auto& candidate : candidates)
    if (candidate.size() > 3 && is_part(letters_of(candidate), letters)) return candidate;
  for (const auto& candidate : candidates)
    if (has_number_of(letters, letters_of(candidate))) return candidate;
  return std::nullopt;
}

namespace {

/// `16-mixed` is as near to `fp16-mixed` as to `bf16-mixed`, which mean different things.
std::vector<std::string> equally_near(std::string_view word, const std::string& close,
                                      const std::vector<std::string>& known) {
  const bool is_end = word.size() < 3 && (close.starts_with(word) || close.ends_with(word));
  if (is_end || close == word || close.find(word) == close.npos) return {close};
  std::vector<std::string> all;
  for (const auto& each : known)
    if (each.size() == close.size() && each.find(word) != each.npos) all.push_back(each);
  return all;
}

}  // namespace

std::string what_instead(std::string_view word, const std::vector<std::string>& known) {
  if (const auto close = nearest(word, known))
    return fmt::format("did you mean '{}'?",
                       fmt::join(equally_near(word, *close, known), "' or '"));
  return fmt::format("expected one of {}", fmt::join(known, ", "));
}

}  // namespace runner
