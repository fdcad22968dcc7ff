#pragma once

#include "registry/description.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace runner {

/// Where a run's ranks go and what holds them together: what every topology says about the
/// processes, whatever they do there.
struct Placement {
  bool alone = false;                   ///< one rank, wherever the run is started from
  std::string device = "auto";          ///< "auto" (GPUs where there are some), "cpu" or "cuda"
  std::optional<std::int64_t> devices;  ///< ranks on each node; none: one for each GPU
  std::optional<CountRange> nodes;      ///< none: as many as the launcher has
  std::optional<std::int64_t> threads;  ///< CPU threads of each rank; none: the cores divided
  std::string launcher = "auto";        ///< "auto", "self", "slurm", "srun", "torchrun" or "mpi"
  double heartbeat = 10;                ///< seconds after which a silent rank counts as hung
  double timeout = 120;                 ///< seconds in which all ranks must have come together
  std::int64_t restarts = 0;            ///< after failures, from the last checkpoint
};

/// Said where topology.device is cuda and there is none.
constexpr auto no_gpu_here =
    "topology.device is cuda, but this machine shows no NVIDIA GPU; try auto or cpu";

/// Whether a run goes on with the nodes that are left when some are lost.
inline bool outlives_nodes(const Placement& placement) {
  return placement.restarts > 0 && placement.nodes && placement.nodes->is_open();
}

/// Places the resolved component {name, field...}.
Placement place(const Json& topology);

}  // namespace runner
