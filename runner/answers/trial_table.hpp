#pragma once

#include "registry/components.hpp"
#include "registry/goal.hpp"

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace runner {

using Parameters = std::vector<std::pair<std::string, Json>>;  ///< path and value

/// One run of a sweep, as its answers and drawings look at it.
struct SweepTrial {
  std::int64_t number = 0;
  Parameters parameters;
  std::optional<double> value;  ///< the metric's; none while there is none
  std::string status;           ///< as the store has it: "done", "failed", ...
  double seconds = 0;
  bool is_drawn = false;                    ///< from a search's space, each parameter by itself
  std::optional<double> pruned_value = {};  ///< of a pruned trial: the metric's value when it was

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
