#pragma once

#include "registry/description.hpp"

namespace runner {

/// The variables of an environment (`NAME=VALUE`, ended by null) that bear on a result or on its
/// speed, by name: those of threads, CUDA, NCCL, LibTorch, Slurm's job, the loader, the virtual
/// environment. Never one whose name speaks of a secret, and no password within an address.
Json recorded_environment(const char* const* environment);

}  // namespace runner
