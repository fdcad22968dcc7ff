#pragma once

#include "runner/sweep/sweep_recipe.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

namespace runner {

/// What one cell of a matrix would take.
struct PlannedCell {
  Json parameters;
  std::int64_t steps = 0;
  std::optional<double>
      seconds;  ///< by what past runs of its model, data and batch took for a step
};

/// What a sweep would run, before it does.
struct SweepEstimate {
  std::vector<PlannedCell> cells;  ///< each once; of a search: one that stands for all
  std::int64_t trials = 0;
  std::optional<double> seconds;  ///< of all, one after the other; empty where one is not known
};

/// A database that is not there knows of no past runs.
SweepEstimate estimate(const SweepRecipe& sweep, const std::filesystem::path& database);

}  // namespace runner
