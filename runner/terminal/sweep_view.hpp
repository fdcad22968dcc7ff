#pragma once

#include "runner/answers/trial_table.hpp"
#include "runner/terminal/picture.hpp"
#include "runner/terminal/scale.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace runner {

/// What of a sweep is drawn, and on what.
struct SweepView {
  std::span<const SweepTrial> trials;
  std::string metric;
  Goal goal = Goal::smaller;
  int width = 80;   ///< columns; at least 40 are taken
  int height = 12;  ///< lines of the drawing inside its frame; at least 4 are taken
  bool coloured = false;

  int columns() const;
  int lines() const;

  std::vector<const SweepTrial*> with_value() const;
  /// The first of the best ones; null where none has a value.
  const SweepTrial* best() const;
  std::int64_t failed() const;
  /// Those that were pruned after they had a value, which they are drawn by, marked.
  std::vector<const SweepTrial*> pruned() const;
  /// Of the values, also of pruned trials.
  Scale scale() const;
  /// Instead of a drawing, where no trial has a value: a sentence that says so.
  std::optional<std::string> nothing() const;
};

namespace ink {
constexpr Ink faint{244, {}};   ///< grey
constexpr Ink best{40, {}};     ///< green
constexpr Ink failed{160, {}};  ///< red
}  // namespace ink

/// The text in lines of so many columns at most, broken at blanks; each ends in "\n".
std::string wrapped(std::string_view text, int width);
/// Parts of a legend, side by side where they fit.
std::string legend_lines(const std::vector<std::string>& parts, int width);

}  // namespace runner
