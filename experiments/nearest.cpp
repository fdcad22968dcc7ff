#include "experiments/nearest.hpp"

#include <algorithm>
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

}  // namespace

std::optional<std::string> nearest(std::string_view word,
                                   const std::vector<std::string>& candidates) {
  std::pair<std::size_t, std::string> best{std::max<std::size_t>(1, word.size() / 3) + 1, ""};
  for (const auto& candidate : candidates)
    best = std::min(best, {distance(word, candidate), candidate});
  if (!best.second.empty()) return best.second;
  const auto part_of = [word](const std::string& candidate) {
    return candidate.find(word) != candidate.npos;
  };
  const auto longer =
      word.size() < 3 ? candidates.end() : std::ranges::find_if(candidates, part_of);
  return longer == candidates.end() ? std::nullopt : std::optional(*longer);
}

std::string what_instead(std::string_view word, const std::vector<std::string>& known) {
  if (const auto close = nearest(word, known)) return fmt::format("did you mean '{}'?", *close);
  return fmt::format("expected one of {}", fmt::join(known, ", "));
}

}  // namespace runner
