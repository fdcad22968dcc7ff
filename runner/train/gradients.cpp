#include "runner/train/gradients.hpp"

#include "registry/graph/step_inputs.hpp"
#include "registry/optimizers/inner_product.hpp"

#include <cmath>

#include <ATen/ATen.h>

namespace runner {

at::Tensor norm(const std::vector<at::Tensor>& gradients) {
  if (gradients.empty()) return at::zeros({});
  if (has_own_loops(gradients.front())) {
    // Ranks with more threads than others must find the same bits, or their weights part.
    double squared = 0;
    for (const auto& gradient : gradients) squared += inner_product(gradient, gradient);
    return at::scalar_tensor(std::sqrt(squared), gradients.front().options());
  }
  return at::stack(at::_foreach_norm(gradients, 2)).norm();
}

void clip_by_norm(std::vector<at::Tensor>& gradients, const at::Tensor& norm, double limit) {
  if (gradients.empty()) return;
  at::_foreach_mul_(gradients, at::clamp_max(limit / (norm + 1e-6), 1));
}

void clip_by_value(std::vector<at::Tensor>& gradients, double limit) {
  if (gradients.empty()) return;
  at::_foreach_clamp_min_(gradients, -limit);
  at::_foreach_clamp_max_(gradients, limit);
}

}  // namespace runner
