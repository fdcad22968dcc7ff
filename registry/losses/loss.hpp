#pragma once

#include <ATen/core/Tensor.h>

namespace runner {

/// A loss summed over samples: the trainer divides by the true sample count of the whole global
/// batch, so that a smaller last batch, accumulation and any number of ranks give the same
/// gradients.
struct Loss {
  virtual ~Loss() = default;

  /// `output` [N, classes], `target` [N] class indices -> scalar, the sum over the N samples.
  virtual at::Tensor sum(const at::Tensor& output, const at::Tensor& target) const = 0;
};

}  // namespace runner
