#pragma once

#include "experiments/details.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace runner {

/// A thing that each of some runs has a value of; null for a run that has none.
struct ComparedRow {
  std::string name;
  std::vector<nlohmann::ordered_json> values;

  bool differs() const;
};

/// Runs side by side; rows are in the order of their names.
struct Comparison {
  std::vector<RunDetails> runs;
  std::vector<ComparedRow> config;
  std::vector<ComparedRow> code;         ///< runner's version, git's commit, what it did not hold
  std::vector<ComparedRow> data;         ///< dataset, source, files
  std::vector<ComparedRow> surrounding;  ///< device, ranks, library versions, environment
  std::vector<ComparedRow> metrics;      ///< {last, min, max}
};

Comparison compare_runs(const Database& database, const std::vector<std::string>& ids);

/// Where two runs part in a metric that both have recorded.
struct Parting {
  std::int64_t common = 0;           ///< steps at which both have a point
  std::optional<std::int64_t> step;  ///< the first of them with different values; empty: none
  double a = 0, b = 0;               ///< the values there
  double largest = 0;  ///< difference of all common points, relative to the larger value; infinite
                       ///< where one alone is NaN or infinite
};

Parting find_parting(const Database& database, const std::string& run_a, const std::string& run_b,
                     const std::string& metric);

/// The first step at which a run has a point of the metric; empty where it has none.
std::optional<std::int64_t> first_step(const Database& database, const std::string& run_id,
                                       const std::string& metric);

/// The last values of the metric in other finished runs whose config differs from this run's in
/// nothing but the seed, the newest first; at most a hundred.
std::vector<double> values_with_other_seeds(const Database& database, const std::string& run_id,
                                            const std::string& metric);

}  // namespace runner
