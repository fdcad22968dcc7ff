#pragma once

#include "registry/description.hpp"
#include "runner/launch/launcher.hpp"

#include <string>

namespace runner {

/// How a run's ranks were started, and how they share the work, in one line: "4 ranks = 2 nodes x
/// 2, started by slurm (SLURM_STEP_ID is set), gloo; 64 samples a step = 4 x 16".
std::string launch_line(const Json& config, const Launch& launch, const std::string& backend);

}  // namespace runner
