#include "registry/optimizers/radam.hpp"

#include "registry/optimizers/moments.hpp"

namespace runner {
namespace {

template <class Scalar>
struct Formula : Moments<Scalar> {
  Formula(const RAdam& options, double lr, std::int64_t step) : Moments<Scalar>(options, lr) {
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
    this->update(weights, gradient, exp_avg, exp_avg_sq);
    if (adaptive)
      weights -= rate * (exp_avg / (root(exp_avg_sq) + this->eps));
    else
      weights -= rate * exp_avg;
  }

  Scalar rate = 0;
  bool adaptive = false;
};

}  // namespace

std::unique_ptr<Optimizer> build(const RAdam& options, std::vector<Parameter> parameters) {
  return std::make_unique<Elementwise<RAdam, Formula>>(options, std::move(parameters));
}

}  // namespace runner
