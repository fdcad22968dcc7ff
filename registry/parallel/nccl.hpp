#pragma once

#include "registry/parallel/process_group.hpp"

namespace runner {

/// NCCL's half of a process group. It needs LibTorch's CUDA half, which is opened at run time where
/// there is a GPU; so this lives in a library of its own, opened when it is asked for.
c10::intrusive_ptr<c10d::Backend> make_nccl(const Membership& membership);

/// What that library exports: gives an owning c10d::Backend*.
constexpr auto nccl_entry = "runner_make_nccl";

}  // namespace runner
