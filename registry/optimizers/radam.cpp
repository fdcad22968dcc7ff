#include "registry/optimizers/radam.hpp"

#include "registry/optimizers/elementwise.hpp"

namespace runner {
namespace {

template <class Scalar>
struct Formula {
  static constexpr std::size_t states = 2;
  static std::array<std::string, states> columns(const RAdam&) { return {"exp_avg", "exp_avg_sq"}; }

  Formula(const RAdam& options, double lr, std::int64_t step)
      : decay(static_cast<Scalar>(lr * options.weight_decay)),
        weight_decay(static_cast<Scalar>(options.weight_decay)),
        beta1(static_cast<Scalar>(options.betas[0])),
        beta2(static_cast<Scalar>(options.betas[1])),
        new_share1(static_cast<Scalar>(1 - options.betas[0])),
        new_share2(static_cast<Scalar>(1 - options.betas[1])),
        eps(static_cast<Scalar>(options.eps)),
        decoupled(options.decoupled_weight_decay),
        maximize(options.maximize) {
    const double correction1 = 1 - std::pow(options.betas[0], step);
    const double power2 = std::pow(options.betas[1], step);
    // The length of the moving average whose variance is like that of exp_avg_sq, at last and now.
    const double last = 2 / (1 - options.betas[1]) - 1;
    const double now = last - 2 * static_cast<double>(step) * power2 / (1 - power2);
    adaptive = now > 5;
    const double rectification =
        adaptive ? std::sqrt((now - 4) * (now - 2) * last / ((last - 4) * (last - 2) * now)) : 1;
    const double root2 = adaptive ? std::sqrt(1 - power2) : 1;
    rate = static_cast<Scalar>(lr / correction1 * rectification * root2);
  }

  void operator()(auto& weights, const auto& gradient, auto& exp_avg, auto& exp_avg_sq) const {
    if (decoupled) weights *= 1 - decay;
    const auto along = descent(gradient, weights, decoupled ? Scalar(0) : weight_decay, maximize);
    exp_avg = beta1 * exp_avg + new_share1 * along;
    exp_avg_sq = beta2 * exp_avg_sq + new_share2 * (along * along);
    if (adaptive)
      weights -= rate * (exp_avg / (root(exp_avg_sq) + eps));
    else
      weights -= rate * exp_avg;
  }

  Scalar decay, weight_decay, beta1, beta2, new_share1, new_share2, eps, rate = 0;
  bool decoupled, maximize, adaptive = false;
};

}  // namespace

std::unique_ptr<Optimizer> build(const RAdam& options, std::vector<Parameter> parameters) {
  return std::make_unique<Elementwise<RAdam, Formula>>(options, std::move(parameters));
}

}  // namespace runner
