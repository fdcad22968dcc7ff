#pragma once

#include "runner/launch/launcher.hpp"

#include <string>

namespace runner {

/// What a launcher says that it started, and which variables say so.
struct Started {
  Launch launch;
  std::string by;     ///< "Slurm"
  std::string what;   ///< "task": how it calls a process
  std::string here;   ///< "SLURM_STEP_TASKS_PER_NODE=2(x2)": says how many run on this node
  std::string nodes;  ///< "SLURM_STEP_NUM_NODES=2": says on how many nodes they run
};

}  // namespace runner
