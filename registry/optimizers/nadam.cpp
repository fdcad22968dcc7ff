#include "registry/optimizers/nadam.hpp"

#include "registry/optimizers/elementwise.hpp"

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
struct Formula {
  static constexpr std::size_t states = 2;
  static std::array<std::string, states> columns(const NAdam&) { return {"exp_avg", "exp_avg_sq"}; }

  Formula(const NAdam& options, double lr, std::int64_t step)
      : decay(static_cast<Scalar>(lr * options.weight_decay)),
        weight_decay(static_cast<Scalar>(options.weight_decay)),
        beta1(static_cast<Scalar>(options.betas[0])),
        beta2(static_cast<Scalar>(options.betas[1])),
        new_share1(static_cast<Scalar>(1 - options.betas[0])),
        new_share2(static_cast<Scalar>(1 - options.betas[1])),
        correction2(static_cast<Scalar>(1 - std::pow(options.betas[1], step))),
        eps(static_cast<Scalar>(options.eps)),
        decoupled(options.decoupled_weight_decay),
        maximize(options.maximize) {
    const double now = momentum(options, step), next = momentum(options, step + 1);
    const double product = momentum_product(options, step);
    gradient_rate = static_cast<Scalar>(lr * (1 - now) / (1 - product));
    momentum_rate = static_cast<Scalar>(lr * next / (1 - product * next));
  }

  void operator()(auto& weights, const auto& gradient, auto& exp_avg, auto& exp_avg_sq) const {
    if (decoupled) weights *= 1 - decay;
    const auto along = descent(gradient, weights, decoupled ? Scalar(0) : weight_decay, maximize);
    exp_avg = beta1 * exp_avg + new_share1 * along;
    exp_avg_sq = beta2 * exp_avg_sq + new_share2 * (along * along);
    const auto denominator = root(exp_avg_sq / correction2) + eps;
    weights -= gradient_rate * (along / denominator);
    weights -= momentum_rate * (exp_avg / denominator);
  }

  Scalar decay, weight_decay, beta1, beta2, new_share1, new_share2, correction2, eps;
  Scalar gradient_rate = 0, momentum_rate = 0;
  bool decoupled, maximize;
};

}  // namespace

std::unique_ptr<Optimizer> build(const NAdam& options, std::vector<Parameter> parameters) {
  return std::make_unique<Elementwise<NAdam, Formula>>(options, std::move(parameters));
}

}  // namespace runner
