#include "registry/optimizers/adadelta.hpp"

#include "registry/optimizers/gradient.hpp"
#include "registry/optimizers/optimizer.hpp"

#include <ATen/ATen.h>

namespace runner {
namespace {

class AdadeltaOptimizer : public Optimizer {
 public:
  AdadeltaOptimizer(const Adadelta& options, std::vector<at::Tensor> parameters)
      : Optimizer(std::move(parameters), options.lr),
        options_(options),
        square_avg_(zeros_like_parameters()),
        acc_delta_(zeros_like_parameters()) {}

 private:
  void update(std::size_t i, at::Tensor& parameter, const at::Tensor& raw, double lr) override {
    const auto gradient =
        effective_gradient(parameter, raw, options_.weight_decay, options_.maximize);
    square_avg_[i].mul_(options_.rho).addcmul_(gradient, gradient, 1 - options_.rho);
    const auto std = square_avg_[i].add(options_.eps).sqrt_();
    const auto delta = acc_delta_[i].add(options_.eps).sqrt_().div_(std).mul_(gradient);
    acc_delta_[i].mul_(options_.rho).addcmul_(delta, delta, 1 - options_.rho);
    parameter.add_(delta, -lr);
  }

  Adadelta options_;
  std::vector<at::Tensor> square_avg_, acc_delta_;
};

}  // namespace

std::unique_ptr<Optimizer> build(const Adadelta& options, std::vector<at::Tensor> parameters) {
  return std::make_unique<AdadeltaOptimizer>(options, std::move(parameters));
}

}  // namespace runner
