#pragma once

#include <ATen/core/Tensor.h>

namespace runner {

/// A loss summed over samples: the trainer divides by the true weight of the whole global batch, so
/// that a smaller last batch, accumulation and any number of ranks give the same gradients.
struct Loss {
  virtual ~Loss() = default;

  /// `output` [N, classes] and `target` [N] class indices, or both [N, numbers] -> scalar, the sum
  /// over the N samples.
  virtual at::Tensor sum(const at::Tensor& output, const at::Tensor& target) const = 0;

  /// Whether samples weigh differently; without that, each weighs 1.
  virtual bool has_weights() const { return false; }
  /// The weight of samples with these targets (on the CPU): what makes a mean of their sum.
  virtual double weight(const at::Tensor& target) const {
    return static_cast<double>(target.size(0));
  }
};

}  // namespace runner
