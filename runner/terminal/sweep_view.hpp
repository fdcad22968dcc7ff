#pragma once

#include "runner/sweep/trial_table.hpp"
#include "runner/terminal/picture.hpp"
#include "runner/terminal/scale.hpp"

#include <optional>
#include <span>
#include <string>
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
  /// Of the values.
  Scale scale() const;
  /// Instead of a drawing, where no trial has a value: a sentence that says so.
  std::optional<std::string> nothing() const;
};

namespace ink {
constexpr Ink faint{244, {}};  ///< grey
constexpr Ink best{40, {}};    ///< green
constexpr Ink failed{160, {}};  ///< red
}  // namespace ink

/// Several lines as one text, each cut to so many columns.
std::string cut_lines(const std::vector<std::string>& lines, int width);

}  // namespace runner
