#pragma once

#include <vector>

#include <ATen/core/Tensor.h>

namespace runner {

/// What is done to gradients between backward and the optimizer's step, in place.

/// Makes their norm at most `limit`, as torch.nn.utils.clip_grad_norm_ does: by the factor
/// limit / (norm + 1e-6), where that is below 1.
void clip_by_norm(std::vector<at::Tensor>& gradients, const at::Tensor& norm, double limit);

/// Makes each number at most `limit` in size.
void clip_by_value(std::vector<at::Tensor>& gradients, double limit);

}  // namespace runner
