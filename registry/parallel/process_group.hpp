#pragma once

#include <chrono>
#include <string>

#include <c10/core/Device.h>
#include <torch/csrc/distributed/c10d/ProcessGroup.hpp>
#include <torch/csrc/distributed/c10d/Store.hpp>

namespace runner {

/// What a rank has to know to meet the others.
struct Membership {
  c10::intrusive_ptr<c10d::Store> store;
  int rank = 0;
  int size = 1;
  std::string address;  ///< of this machine, as the other ranks reach it
  c10::Device device = c10::kCPU;
  std::string backend = "auto";         ///< "auto", "gloo" or "nccl"
  std::chrono::milliseconds timeout{};  ///< for ranks to come, and then for a collective to end
};

/// "nccl" or "gloo": what "auto" means on the device. Throws std::runtime_error for nccl without a
/// GPU.
std::string choose_backend(const std::string& backend, const c10::Device& device);

/// Waits until all ranks have come. Tensors on the CPU always travel by gloo.
c10::intrusive_ptr<c10d::ProcessGroup> make_process_group(const Membership& membership);

}  // namespace runner
