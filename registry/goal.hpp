#pragma once

#include <cmath>
#include <optional>
#include <string>
#include <string_view>

namespace runner {

/// Which value of a metric is the better one.
enum class Goal { smaller, greater };

/// A number that a component measures. N in its name stands for a number: "top_N".
struct Measure {
  std::string_view name;
  Goal goal;
};

constexpr Goal greater_if(bool greater) { return greater ? Goal::greater : Goal::smaller; }

/// Of a field `mode` beside a field `metric`.
constexpr std::string_view mode_help =
    "whether less (min) or more (max) of the metric is better; null: as the metric itself says";

/// The word that recipes and options have for it: "max" or "min".
constexpr std::string_view mode_of(Goal goal) { return goal == Goal::greater ? "max" : "min"; }

/// What the description of the metric says. "f1", "eval/f1", "val_f1" and "eval/f1/3" (of a class)
/// are one metric. Nothing where nobody has described it.
std::optional<Goal> own_goal(std::string_view metric);

/// The metric's own goal; of one that has none, what `mode` says. Throws std::logic_error where
/// that is missing, too: who reads a mode from a user asks `why_wrong_mode` first.
Goal goal_of(std::string_view metric, const std::optional<std::string>& mode);

/// "min, but more of eval/accuracy is better" or "not given, and ..."; empty when the mode is
/// right.
std::string why_wrong_mode(std::string_view metric, const std::optional<std::string>& mode);

/// False for what is no number, and true for a number against what is none.
inline bool is_better(Goal goal, double value, double than) {
  if (!std::isfinite(value)) return false;
  if (!std::isfinite(than)) return true;
  return goal == Goal::greater ? value > than : value < than;
}

}  // namespace runner
