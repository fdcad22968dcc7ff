#include "registry/optimizers/adamw.hpp"

#include "registry/optimizers/optimizer.hpp"

#include <cmath>

#include <ATen/ATen.h>

namespace runner {
namespace {

class AdamWOptimizer : public Optimizer {
 public:
  AdamWOptimizer(const AdamW& options, std::vector<at::Tensor> parameters)
      : Optimizer(std::move(parameters), options.lr),
        options_(options),
        exp_avg_(zeros_like_parameters()),
        exp_avg_sq_(zeros_like_parameters()),
        steps_(exp_avg_.size()) {
    if (options_.amsgrad) max_exp_avg_sq_ = zeros_like_parameters();
  }

 private:
  void update(std::size_t i, at::Tensor& parameter, const at::Tensor& raw, double lr) override {
    const auto gradient = options_.maximize ? raw.neg() : raw;
    const auto step = static_cast<double>(++steps_[i]);
    parameter.mul_(1 - lr * options_.weight_decay);
    exp_avg_[i].lerp_(gradient, 1 - options_.betas[0]);
    exp_avg_sq_[i].mul_(options_.betas[1]).addcmul_(gradient, gradient, 1 - options_.betas[1]);
    const double correction1 = 1 - std::pow(options_.betas[0], step);
    const double correction2 = std::sqrt(1 - std::pow(options_.betas[1], step));
    const auto denominator = second_moment(i).sqrt().div_(correction2).add_(options_.eps);
    parameter.addcdiv_(exp_avg_[i], denominator, -lr / correction1);
  }

  const at::Tensor& second_moment(std::size_t i) {
    if (!options_.amsgrad) return exp_avg_sq_[i];
    return at::maximum_out(max_exp_avg_sq_[i], max_exp_avg_sq_[i], exp_avg_sq_[i]);
  }

  AdamW options_;
  std::vector<at::Tensor> exp_avg_, exp_avg_sq_, max_exp_avg_sq_;
  std::vector<std::int64_t>
      steps_;  // per parameter: one without a gradient does not count the step
};

}  // namespace

std::unique_ptr<Optimizer> build(const AdamW& options, std::vector<at::Tensor> parameters) {
  return std::make_unique<AdamWOptimizer>(options, std::move(parameters));
}

}  // namespace runner
