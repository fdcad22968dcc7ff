#pragma once

#include "registry/topologies/placement.hpp"

#include <string>

#include <c10/core/Device.h>

namespace runner {

/// The device of a placement, with the CPU threads set. Throws std::runtime_error when it asks for
/// a GPU that is not there.
c10::Device choose_device(const Placement& placement);

/// "cpu: AMD EPYC, 2 threads" or "cuda:0: NVIDIA H200".
std::string describe_device(const c10::Device& device);

/// Sets the seed of the device's default generator and of the CPU's.
void seed_generators(const c10::Device& device, std::uint64_t seed);

}  // namespace runner
