#pragma once

#include "runner/protocol/ending.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace runner {

/// A short training that a command makes to learn something of a recipe. It is recorded in a
/// database of its own, which goes with it.
struct Tryout {
  Outcome outcome;
  /// Each metric's values by step.
  std::map<std::string, std::map<std::int64_t, double>> series;

  /// The last value of a metric; 0 without one.
  double last(const std::string& metric) const;
};

/// Trains what the recipe says with these values in place of its own (PATH=VALUE; later ones
/// hold), without evaluations and checkpoints.
Tryout make_tryout(const std::string& recipe, std::vector<std::string> overrides,
                   const std::vector<std::string>& settings);

}  // namespace runner
