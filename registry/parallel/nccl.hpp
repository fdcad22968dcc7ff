#pragma once

#include "registry/parallel/process_group.hpp"

namespace runner {

/// NCCL's half of a process group, from librunner-cuda.so.
c10::intrusive_ptr<c10d::Backend> make_nccl(const Membership& membership);

/// What that library exports: gives an owning c10d::Backend*.
constexpr auto nccl_entry = "runner_make_nccl";

}  // namespace runner
