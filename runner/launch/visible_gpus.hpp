#pragma once

#include "runner/launch/environment.hpp"

#include <filesystem>
#include <string>

namespace runner {

/// How many GPUs CUDA will show to a process with this environment, found without CUDA: those that
/// the driver lists below `root`, of which CUDA_VISIBLE_DEVICES names some. As there, a list ends
/// at its first number that no GPU has; identifiers (GPU-..., MIG-...) are believed.
int visible_gpus(const Environment& environment, const std::filesystem::path& root = "/");

/// The version of NVIDIA's driver, `580.65.06`; empty without one.
std::string driver_version(const std::filesystem::path& root = "/");

}  // namespace runner
