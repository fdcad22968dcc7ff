#pragma once

#include "registry/description.hpp"

#include <cstdint>
#include <string>
#include <vector>

#include <c10/core/Device.h>

namespace runner {

/// "auto" (a GPU where there is one), "cpu" or "cuda" as a device. A rank that sees one GPU alone
/// takes it, else the one of its number on this machine. Throws std::runtime_error when it asks for
/// a GPU that is not there.
c10::Device choose_device(const std::string& kind, int local_rank);

/// "cpu: AMD EPYC, 2 threads" or "cuda:0: NVIDIA H200".
std::string describe_device(const c10::Device& device);

/// Whether GPUs may round fp32 numbers to 10 bits of mantissa in matrix products and convolutions.
void allow_tf32(bool allowed);

/// Whether only operations run that give the same bits each time, and others throw, as PyTorch's
/// torch.use_deterministic_algorithms has it. To be called before a GPU is used.
void use_deterministic_algorithms(bool deterministic);

/// Waits until the device has done what was asked of it.
void wait_for(const c10::Device& device);

/// The most bytes that training has taken at once: of tensors on a GPU, of this process on a CPU.
std::int64_t peak_memory(const c10::Device& device);
/// From here on the peak is that of a new job.
void forget_peak_memory(const c10::Device& device);

/// The addresses on the PCI bus of the GPUs that are visible here; none for a run on the CPU.
std::vector<std::string> gpu_addresses(const c10::Device& device);

/// What else a result may depend on: the vector instructions of the CPU, or CUDA and cuDNN.
Json library_versions(const c10::Device& device);

/// Sets the seed of the device's default generator and of the CPU's.
void seed_generators(const c10::Device& device, std::uint64_t seed);

}  // namespace runner
