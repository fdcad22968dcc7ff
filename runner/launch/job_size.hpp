#pragma once

#include "registry/topologies/placement.hpp"

#include <optional>

namespace runner {

/// What a user asks of Slurm; what is not said comes from the recipe, else is one.
struct WantedSize {
  std::optional<int> nodes = {};
  std::optional<int> gpus = {};    ///< of all nodes together; each has a task
  std::optional<int> ntasks = {};  ///< of all nodes together, when there are no GPUs
};

struct JobSize {
  int nodes = 1;
  int tasks_per_node = 1;
};

/// Throws UserError, with both numbers, where a total does not divide by the nodes, or the recipe
/// says otherwise; and for a recipe that srun cannot start.
JobSize job_size(const WantedSize& wanted, const Placement& placement);

}  // namespace runner
