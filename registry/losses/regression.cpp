#include "registry/losses/regression.hpp"

#include <stdexcept>

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace runner {

at::Tensor RegressionLoss::sum(const Output& made, const Batch& batch) const {
  const auto& output = made.tensor;
  const auto& target = batch.at(target_);
  // PyTorch would stretch one over the other, and only warn.
  if (output.sizes() != target.sizes())
    throw std::runtime_error(fmt::format("the model gives [{}] numbers for targets of [{}]",
                                         fmt::join(output.sizes(), ", "),
                                         fmt::join(target.sizes(), ", ")));
  const auto wide = output.to(at::promote_types(output.scalar_type(), at::kFloat));
  return sum_of_all(wide, target.to(wide.scalar_type())) / target.size(1);
}

}  // namespace runner
