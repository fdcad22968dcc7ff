#include "registry/optimizers/sgd.hpp"

#include "registry/optimizers/gradient.hpp"
#include "registry/optimizers/optimizer.hpp"

#include <ATen/ATen.h>

namespace runner {
namespace {

class SgdOptimizer : public Optimizer {
 public:
  SgdOptimizer(const Sgd& options, const std::vector<at::Tensor>& parameters)
      : Optimizer(parameters, options.lr), options_(options), momentum_(parameters.size()) {}

 private:
  void update(std::size_t i, at::Tensor& parameter, const at::Tensor& raw, double lr) override {
    const auto gradient =
        effective_gradient(parameter, raw, options_.weight_decay, options_.maximize);
    parameter.add_(options_.momentum == 0 ? gradient : with_momentum(momentum_[i], gradient), -lr);
  }

  /// The first gradient starts the momentum undampened, as PyTorch's does.
  at::Tensor with_momentum(at::Tensor& momentum, const at::Tensor& gradient) const {
    if (momentum.defined())
      momentum.mul_(options_.momentum).add_(gradient, 1 - options_.dampening);
    else
      momentum = gradient.clone();
    return options_.nesterov ? gradient.add(momentum, options_.momentum) : momentum;
  }

  Sgd options_;
  std::vector<at::Tensor> momentum_;  // undefined until a parameter's first gradient
};

}  // namespace

std::unique_ptr<Optimizer> build(const Sgd& options, std::vector<at::Tensor> parameters) {
  return std::make_unique<SgdOptimizer>(options, parameters);
}

}  // namespace runner
