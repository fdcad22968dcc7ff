#pragma once

#include "registry/components.hpp"

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace runner {

/// What makes a metric's value the better one.
enum class Goal { smaller, greater };

/// Of the words that a recipe says: "max" is the greater one, "min" the smaller.
constexpr Goal goal_of(std::string_view mode) {
  return mode == "max" ? Goal::greater : Goal::smaller;
}

/// False for what is no number, and for a number against what is none.
inline bool is_better(Goal goal, double value, double than) {
  if (!std::isfinite(value)) return false;
  if (!std::isfinite(than)) return true;
  return goal == Goal::greater ? value > than : value < than;
}

using Parameters = std::vector<std::pair<std::string, Json>>;  ///< path and value

/// One run of a sweep, as its answers and drawings look at it.
struct SweepTrial {
  std::int64_t number = 0;
  Parameters parameters;
  std::optional<double> value;  ///< the metric's; none while there is none
  std::string status;           ///< as the store has it: "done", "failed", ...
  double seconds = 0;

  /// One that counts.
  bool has_value() const { return value && !has_failed(); }
  /// It ended without a value that counts: it failed, or its metric is not finite.
  bool has_failed() const {
    return status == "failed" || status == "crashed" || (value && !std::isfinite(*value));
  }
};

/// Null where the trial has no such parameter.
inline const Json* find_parameter(const Parameters& parameters, std::string_view path) {
  for (const auto& [name, value] : parameters)
    if (name == path) return &value;
  return nullptr;
}

}  // namespace runner
