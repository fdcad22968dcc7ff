#include "registry/parallel/norm.hpp"

#include "registry/graph/step_inputs.hpp"
#include "registry/optimizers/inner_product.hpp"

#include <cmath>

#include <ATen/ATen.h>

namespace runner {

at::Tensor norm(const std::vector<at::Tensor>& tensors) {
  if (tensors.empty()) return at::zeros({});
  if (has_own_loops(tensors.front())) {
    // Ranks with more threads than others must find the same bits, or their weights part.
    double squared = 0;
    for (const auto& tensor : tensors) squared += inner_product(tensor, tensor);
    return at::scalar_tensor(std::sqrt(squared), tensors.front().options());
  }
  return at::stack(at::_foreach_norm(tensors, 2)).norm();
}

}  // namespace runner
