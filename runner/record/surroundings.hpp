#pragma once

#include "registry/description.hpp"

namespace runner {

/// The variables of an environment (`NAME=VALUE`, ended by null) that bear on a result or on its
/// speed, by their exact names: those of threads, CUDA, NCCL, LibTorch, Slurm's job, the loader,
/// the virtual environment. What in their values looks like a credential is masked.
Json recorded_environment(const char* const* environment);

}  // namespace runner
