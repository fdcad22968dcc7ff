#pragma once

#include <ATen/core/Tensor.h>

namespace runner {

/// The gradient to descend along: negated when maximizing, with the L2 penalty's gradient added.
inline at::Tensor effective_gradient(const at::Tensor& parameter, const at::Tensor& gradient,
                                     double weight_decay, bool maximize) {
  const auto descent = maximize ? gradient.neg() : gradient;
  return weight_decay == 0 ? descent : descent.add(parameter, weight_decay);
}

}  // namespace runner
