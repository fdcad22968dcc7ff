#pragma once

#include "registry/graph/step_inputs.hpp"
#include "registry/optimizers/optimizer.hpp"

#include <utility>

#include <ATen/ATen.h>

namespace runner {

/// Adam and AdamW, by ATen's fused kernels: one pass over memory, on a GPU one launch. `Kernel` has
/// a static function update(), with a learning rate that is a number or a scalar tensor.
template <class Options, class Kernel>
class FusedAdam : public Optimizer {
 public:
  FusedAdam(const Options& options, std::vector<Parameter> parameters)
      : Optimizer(std::move(parameters), options.lr), options_(options) {
    if (options_.amsgrad) max_exp_avg_sq_ = &add_column("max_exp_avg_sq");
  }

  bool can_be_captured() const override { return true; }

 private:
  void update(const std::vector<std::size_t>& numbers, double lr) override {
    const auto steps = select(step_, numbers);
    at::_foreach_add_(steps, 1);
    const auto with = [&](const auto& rate) {
      Kernel::update(
          tensors(numbers), gradients(numbers), select(exp_avg_, numbers),
          select(exp_avg_sq_, numbers),
          max_exp_avg_sq_ ? select(*max_exp_avg_sq_, numbers) : std::vector<at::Tensor>{}, steps,
          rate, options_.betas[0], options_.betas[1], options_.weight_decay, options_.eps,
          options_.amsgrad, options_.maximize);
    };
    StepInputs::current() ? with(captured_lr(numbers.front())) : with(lr);
  }

  Options options_;
  Column& step_ = add_number_column("step");
  Column& exp_avg_ = add_column("exp_avg");
  Column& exp_avg_sq_ = add_column("exp_avg_sq");
  Column* max_exp_avg_sq_ = nullptr;
};

/// The weight decay is a part of the gradient.
struct CoupledAdam {
  static void update(auto&&... arguments) { at::_fused_adam_(arguments...); }
};
/// It shrinks the weights themselves.
struct DecoupledAdam {
  static void update(auto&&... arguments) { at::_fused_adamw_(arguments...); }
};

}  // namespace runner
