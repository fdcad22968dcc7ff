#pragma once

#include <vector>

#include <ATen/core/Tensor.h>

namespace runner {

/// Updates parameters in place from their gradients. The learning rate comes with each step: the
/// schedule is a function of the progress, and the optimizer keeps no copy of it.
class Optimizer {
 public:
  Optimizer(std::vector<at::Tensor> parameters, double lr)
      : parameters_(std::move(parameters)), base_lr_(lr) {}
  virtual ~Optimizer() = default;
  Optimizer(const Optimizer&) = delete;
  Optimizer& operator=(const Optimizer&) = delete;

  /// The recipe's lr, which the schedule's factor multiplies.
  double base_lr() const { return base_lr_; }

  /// One update of every parameter that has a gradient.
  void step(double lr);

 protected:
  /// A zero tensor like each parameter: a running average or a momentum.
  std::vector<at::Tensor> zeros_like_parameters() const;

 private:
  /// Updates parameter number `index` with its gradient; runs without autograd.
  virtual void update(std::size_t index, at::Tensor& parameter, const at::Tensor& gradient,
                      double lr) = 0;

  std::vector<at::Tensor> parameters_;
  double base_lr_;
};

}  // namespace runner
