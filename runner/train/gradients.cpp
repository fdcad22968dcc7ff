#include "runner/train/gradients.hpp"

#include <ATen/ATen.h>

namespace runner {

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
