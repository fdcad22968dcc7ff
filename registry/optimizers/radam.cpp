#include "registry/optimizers/radam.hpp"

#include "registry/optimizers/moments.hpp"

namespace runner {
namespace {

template <class Scalar>
struct RAdamFormula : RunningMoments<Scalar> {
  RAdamFormula(const RAdam& options, double lr, std::int64_t step)
      : RunningMoments<Scalar>(options, lr) {
    const double correction1 = 1 - std::pow(options.betas[0], step);
    const double power2 = std::pow(options.betas[1], step);
    // The length of the moving average whose variance is like that of exp_avg_sq, at last and now.
    const double last = 2 / (1 - options.betas[1]) - 1;
    const double now = last - 2 * static_cast<double>(step) * power2 / (1 - power2);
    const bool divides = now > 5;
    const double rectification =
        divides ? std::sqrt((now - 4) * (now - 2) * last / ((last - 4) * (last - 2) * now)) : 1;
    const double root2 = divides ? std::sqrt(1 - power2) : 1;
    rate = static_cast<Scalar>(lr / correction1 * rectification * root2);
    if (!divides) return;
    adaptive = static_cast<Scalar>(1.0);
    added = this->eps;
  }

  auto changing() { return std::tie(this->kept, rate, adaptive, added); }

  void operator()(auto& weights, const auto& gradient, auto& exp_avg, auto& exp_avg_sq) const {
    this->update(weights, gradient, exp_avg, exp_avg_sq);
    weights -= rate * (exp_avg / (adaptive * root(exp_avg_sq) + added));
  }

  Scalar rate = 0;
  Scalar adaptive = 0, added = 1;  ///< 1 and eps where the step divides by the root of exp_avg_sq
};

}  // namespace

std::unique_ptr<Optimizer> build(const RAdam& options, std::vector<Parameter> parameters) {
  return std::make_unique<Elementwise<RAdam, RAdamFormula>>(options, std::move(parameters));
}

}  // namespace runner
