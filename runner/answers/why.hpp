#pragma once

#include "experiments/comparison.hpp"

#include <optional>
#include <string>
#include <vector>

namespace runner {

/// How much a metric varies among runs that differ in the seed alone.
struct Chance {
  std::size_t runs;
  double mean, deviation;
};

/// What is known of why two runs came out as they did.
struct Explanation {
  Comparison runs;  ///< the two
  std::string metric;
  std::optional<double> a, b;  ///< its last values
  std::string followed;        ///< the metric that tells where they part
  Parting parting;
  std::optional<Chance> chance;  ///< of runs like the first; empty with fewer than two others

  /// In config, but for the seed and the names of things.
  std::vector<ComparedRow> settings() const;
  bool same_seed() const;
  /// Whether chance alone makes such a difference: less than two and a half deviations of one.
  bool may_be_chance() const;
};

/// `metric` may be empty: then what evaluations usually measure, or else the loss in training.
/// Throws UserError when neither run, or only one, has the metric that was asked for.
Explanation explain(const Database& database, const std::string& a, const std::string& b,
                    const std::string& metric);

}  // namespace runner
