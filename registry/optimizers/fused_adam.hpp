#pragma once

#include "registry/optimizers/optimizer.hpp"

#include <utility>

#include <ATen/ATen.h>

namespace runner {

/// Adam and AdamW, by ATen's fused kernels: one pass over memory, on a GPU one launch.
template <class Options, auto kernel>
class FusedAdam : public Optimizer {
 public:
  FusedAdam(const Options& options, std::vector<Parameter> parameters)
      : Optimizer(std::move(parameters), options.lr), options_(options) {
    if (options_.amsgrad) max_exp_avg_sq_ = &add_column("max_exp_avg_sq");
  }

 private:
  void update(const std::vector<std::size_t>& numbers, double lr) override {
    const auto steps = select(step_, numbers);
    at::_foreach_add_(steps, 1);
    kernel(tensors(numbers), gradients(numbers), select(exp_avg_, numbers),
           select(exp_avg_sq_, numbers),
           max_exp_avg_sq_ ? select(*max_exp_avg_sq_, numbers) : std::vector<at::Tensor>{}, steps,
           lr, options_.betas[0], options_.betas[1], options_.weight_decay, options_.eps,
           options_.amsgrad, options_.maximize, std::nullopt, std::nullopt);
  }

  Options options_;
  Column& step_ = add_number_column("step");
  Column& exp_avg_ = add_column("exp_avg");
  Column& exp_avg_sq_ = add_column("exp_avg_sq");
  Column* max_exp_avg_sq_ = nullptr;
};

using FusedAdamKernel = void (*)(at::TensorList weights, at::TensorList gradients,
                                 at::TensorList exp_avgs, at::TensorList exp_avg_sqs,
                                 at::TensorList max_exp_avg_sqs, at::TensorList steps, double lr,
                                 double beta1, double beta2, double weight_decay, double eps,
                                 bool amsgrad, bool maximize,
                                 const std::optional<at::Tensor>& gradient_scale,
                                 const std::optional<at::Tensor>& found_infinite);

}  // namespace runner
