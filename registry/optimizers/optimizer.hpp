#pragma once

#include "registry/state.hpp"

#include <functional>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

namespace runner {

/// A parameter under the name that PyTorch's state_dict would give it.
struct Parameter {
  std::string name;
  at::Tensor tensor;
};

/// Updates parameters in place from their gradients. The learning rate comes with each step: the
/// schedule is a function of the progress, and the optimizer keeps no copy of it.
class Optimizer {
 public:
  /// Gives the loss at the present weights, and leaves the gradients. The first call of a step has
  /// them already.
  using Closure = std::function<double()>;

  Optimizer(std::vector<Parameter> parameters, double lr)
      : parameters_(std::move(parameters)), base_lr_(lr) {}
  virtual ~Optimizer() = default;
  Optimizer(const Optimizer&) = delete;
  Optimizer& operator=(const Optimizer&) = delete;

  /// The recipe's lr, which the schedule starts from.
  double base_lr() const { return base_lr_; }

  /// One update of every parameter that has a gradient.
  virtual void step(double lr, const Closure& evaluate);

  /// Whether a step's operations are ATen's alone, and take what changes through step_input().
  virtual bool can_be_captured() const { return false; }
  /// The host's part in a step whose operations have been captured.
  void repeat(double lr) {
    lr_ = lr;
    count_steps();
  }

  /// What it remembers of each parameter, as PARAMETER.exp_avg and the like.
  virtual void visit_state(StateVisitor& visitor);

 protected:
  /// A tensor for each parameter: a running average or a momentum.
  using Column = std::vector<at::Tensor>;

  const std::vector<Parameter>& parameters() const { return parameters_; }

  /// Zeros in the shape of each parameter; kept in checkpoints under this name.
  Column& add_column(const std::string& name);
  /// The same, but nothing until a parameter's first gradient.
  Column& add_empty_column(const std::string& name);
  /// A number for each parameter, as PyTorch keeps its steps where fused kernels read them.
  Column& add_number_column(const std::string& name);

  /// The parameters of these numbers, their gradients, their tensors of a column.
  std::vector<at::Tensor> tensors(const std::vector<std::size_t>& numbers) const;
  std::vector<at::Tensor> gradients(const std::vector<std::size_t>& numbers) const;
  static std::vector<at::Tensor> select(const Column& column,
                                        const std::vector<std::size_t>& numbers);

  /// Of the step that is made, or is to be made.
  double lr() const { return lr_; }
  /// It as a scalar on the device of this parameter, float32 as fused kernels read it.
  at::Tensor captured_lr(std::size_t number) const;
  /// Where the host counts them.
  virtual void count_steps() {}

  /// Updates the parameters of these numbers, which have gradients; runs without autograd.
  virtual void update(const std::vector<std::size_t>& numbers, double lr) = 0;

 private:
  struct NamedColumn {
    std::string name;
    Column tensors;
  };

  std::vector<Parameter> parameters_;
  double base_lr_;
  double lr_ = 0;
  std::vector<std::unique_ptr<NamedColumn>> columns_;  // they do not move
};

}  // namespace runner
