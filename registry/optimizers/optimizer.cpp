#include "registry/optimizers/optimizer.hpp"

#include "registry/graph/step_inputs.hpp"

#include <ATen/ATen.h>

namespace runner {

void Optimizer::step(double lr, const Closure&) {
  const at::NoGradGuard no_grad;
  lr_ = lr;
  std::vector<std::size_t> with_gradient;
  for (std::size_t i = 0; i < parameters_.size(); ++i)
    if (parameters_[i].tensor.grad().defined()) with_gradient.push_back(i);
  if (!with_gradient.empty()) update(with_gradient, lr);
}

void Optimizer::visit_state(StateVisitor& visitor) {
  for (auto& column : columns_)
    for (std::size_t i = 0; i < parameters_.size(); ++i) {
      auto& tensor = column->tensors[i];
      visitor.tensor(parameters_[i].name + "." + column->name, tensor);
      if (tensor.defined()) tensor = tensor.to(parameters_[i].tensor.device());
    }
}

Optimizer::Column& Optimizer::add_empty_column(const std::string& name) {
  columns_.push_back(std::make_unique<NamedColumn>(NamedColumn{name, Column(parameters_.size())}));
  return columns_.back()->tensors;
}

Optimizer::Column& Optimizer::add_column(const std::string& name) {
  auto& column = add_empty_column(name);
  for (std::size_t i = 0; i < column.size(); ++i) column[i] = at::zeros_like(parameters_[i].tensor);
  return column;
}

Optimizer::Column& Optimizer::add_number_column(const std::string& name) {
  auto& column = add_empty_column(name);
  for (std::size_t i = 0; i < column.size(); ++i)
    column[i] = at::zeros({}, parameters_[i].tensor.options().dtype(at::kFloat));
  return column;
}

at::Tensor Optimizer::captured_lr(std::size_t number) const {
  return step_input({}, at::kFloat, parameters_[number].tensor.device(),
                    [this](at::Tensor& lr) { lr.fill_(lr_); });
}

std::vector<at::Tensor> Optimizer::tensors(const std::vector<std::size_t>& numbers) const {
  std::vector<at::Tensor> out;
  out.reserve(numbers.size());
  for (const auto i : numbers) out.push_back(parameters_[i].tensor);
  return out;
}

std::vector<at::Tensor> Optimizer::gradients(const std::vector<std::size_t>& numbers) const {
  std::vector<at::Tensor> out;
  out.reserve(numbers.size());
  for (const auto i : numbers) out.push_back(parameters_[i].tensor.grad());
  return out;
}

std::vector<at::Tensor> Optimizer::select(const Column& column,
                                          const std::vector<std::size_t>& numbers) {
  std::vector<at::Tensor> out;
  out.reserve(numbers.size());
  for (const auto i : numbers) out.push_back(column[i]);
  return out;
}

}  // namespace runner
