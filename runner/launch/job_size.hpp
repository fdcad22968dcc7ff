#pragma once

#include "registry/topologies/placement.hpp"

#include <optional>
#include <string>

namespace runner {

/// What a user asks of Slurm; what is not said comes from the recipe, else is one.
struct WantedSize {
  std::optional<int> nodes = {};
  std::optional<int> gpus = {};    ///< of all nodes together; each has a task
  std::optional<int> ntasks = {};  ///< of all nodes together, when there are no GPUs
};

struct JobSize {
  CountRange nodes;
  int tasks_per_node = 1;
};

/// "4", "1-4": nodes as Slurm's options have them.
std::string slurm_nodes(const CountRange& nodes);

/// Throws UserError, with both numbers, where a total does not divide by the nodes, or is one of a
/// number of nodes that is left open, or the recipe says otherwise; and for a recipe that srun
/// cannot start.
JobSize job_size(const WantedSize& wanted, const Placement& placement);

}  // namespace runner
