#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace runner {

/// Whether more of a metric is better, as its name tells: of accuracies and their kin, of speed.
inline bool more_is_better(std::string_view metric) {
  constexpr std::array<std::string_view, 7> words{
      "accuracy", "top_", "f1", "precision", "recall", "r2", "samples_per_second"};
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) {
    return metric.find(word) != std::string_view::npos;
  });
}

}  // namespace runner
