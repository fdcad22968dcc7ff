#include "registry/optimizers/nadam.hpp"

#include "registry/optimizers/moments.hpp"

namespace runner {
namespace {

double momentum(const NAdam& options, std::int64_t step) {
  return options.betas[0] *
         (1 - 0.5 * std::pow(0.96, static_cast<double>(step) * options.momentum_decay));
}

/// Of the momenta of all steps so far, in single precision as PyTorch keeps it. A step is mostly
/// the one after the last that was asked for.
float momentum_product(const NAdam& options, std::int64_t step) {
  thread_local std::int64_t known_step = 0;
  thread_local float product = 1;
  thread_local double beta = 0, decay = 0;
  if (step < known_step || beta != options.betas[0] || decay != options.momentum_decay) {
    known_step = 0;
    product = 1;
    beta = options.betas[0];
    decay = options.momentum_decay;
  }
  while (known_step < step) product *= static_cast<float>(momentum(options, ++known_step));
  return product;
}

template <class Scalar>
struct NAdamFormula : RunningMoments<Scalar> {
  NAdamFormula(const NAdam& options, double lr, std::int64_t step)
      : RunningMoments<Scalar>(options, lr),
        correction2(static_cast<Scalar>(1 - std::pow(options.betas[1], step))) {
    const double now = momentum(options, step), next = momentum(options, step + 1);
    const double product = momentum_product(options, step);
    gradient_rate = static_cast<Scalar>(lr * (1 - now) / (1 - product));
    momentum_rate = static_cast<Scalar>(lr * next / (1 - product * next));
  }

  auto changing() { return std::tie(this->kept, correction2, gradient_rate, momentum_rate); }

  void operator()(auto& weights, const auto& gradient, auto& exp_avg, auto& exp_avg_sq) const {
    const auto along = this->update(weights, gradient, exp_avg, exp_avg_sq);
    const auto denominator = root(exp_avg_sq / correction2) + this->eps;
    weights -= gradient_rate * (along / denominator);
    weights -= momentum_rate * (exp_avg / denominator);
  }

  Scalar correction2, gradient_rate = 0, momentum_rate = 0;
};

}  // namespace

std::unique_ptr<Optimizer> build(const NAdam& options, std::vector<Parameter> parameters) {
  return std::make_unique<Elementwise<NAdam, NAdamFormula>>(options, std::move(parameters));
}

}  // namespace runner
