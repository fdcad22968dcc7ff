#include "registry/parallel/strategy.hpp"

#include "registry/parallel/norm.hpp"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

namespace runner {

Strategy::Strategy(Network& network) : network_(network) {
  for (const auto& parameter : network.named_parameters())
    if (parameter.value().requires_grad())
      parameters_.push_back({parameter.key(), parameter.value()});
}

void Strategy::visit(StateVisitor& visitor, const Parameter& kept) const {
  auto full = full_tensor(kept);
  visitor.tensor(kept.name, full);
  const auto shard = shard_of(kept.name);
  if (!shard) return;
  const at::NoGradGuard no_grad;
  kept.tensor.copy_(full.narrow(shard->dim, shard->part.begin, shard->part.size()));
}

void Strategy::visit_weights(StateVisitor& visitor) const {
  for (const auto& parameter : network_.named_parameters())
    visit(visitor, {parameter.key(), parameter.value()});
  for (auto& buffer : network_.named_buffers()) visitor.tensor(buffer.key(), buffer.value());
}

std::vector<at::Tensor> Strategy::gradients() const {
  std::vector<at::Tensor> out;
  for (const auto& parameter : parameters_)
    if (const auto& gradient = parameter.tensor.grad(); gradient.defined()) out.push_back(gradient);
  return out;
}

at::Tensor Strategy::gradient_norm() const { return norm(gradients()); }

}  // namespace runner
