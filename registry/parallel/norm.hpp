#pragma once

#include <vector>

#include <ATen/core/Tensor.h>

namespace runner {

/// The norm (L2) over all tensors; a scalar on their device. On CPUs the same bits on any number of
/// threads.
at::Tensor norm(const std::vector<at::Tensor>& tensors);

}  // namespace runner
