#include "registry/optimizers/optimizer.hpp"

#include <ATen/ATen.h>

namespace runner {

void Optimizer::step(double lr) {
  const at::NoGradGuard no_grad;

  for (std::size_t i = 0; i < parameters_.size(); ++i)
    if (const auto& gradient = parameters_[i].grad(); gradient.defined())
      update(i, parameters_[i], gradient, lr);
}

std::vector<at::Tensor> Optimizer::zeros_like_parameters() const {
  std::vector<at::Tensor> out;
  out.reserve(parameters_.size());
  for (const auto& parameter : parameters_) out.push_back(at::zeros_like(parameter));
  return out;
}

}  // namespace runner
