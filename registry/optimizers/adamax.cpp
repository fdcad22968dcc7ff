#include "registry/optimizers/adamax.hpp"

#include "registry/optimizers/elementwise.hpp"

namespace runner {
namespace {

template <class Scalar>
struct AdamaxFormula {
  static constexpr std::size_t states = 2;
  static std::array<std::string, states> columns(const Adamax&) { return {"exp_avg", "exp_inf"}; }

  AdamaxFormula(const Adamax& options, double lr, std::int64_t step)
      : rate(static_cast<Scalar>(lr / (1 - std::pow(options.betas[0], step)))),
        beta1(static_cast<Scalar>(options.betas[0])),
        new_share(static_cast<Scalar>(1 - options.betas[0])),
        beta2(static_cast<Scalar>(options.betas[1])),
        eps(static_cast<Scalar>(options.eps)),
        weight_decay(static_cast<Scalar>(options.weight_decay)),
        maximize(options.maximize) {}

  auto changing() { return std::tie(rate); }

  void operator()(auto& weights, const auto& gradient, auto& exp_avg, auto& exp_inf) const {
    const auto along = descent(gradient, weights, weight_decay, maximize);
    exp_avg = beta1 * exp_avg + new_share * along;
    exp_inf = larger(value_of(beta2 * exp_inf), value_of(magnitude(along) + eps));
    weights -= rate * (exp_avg / exp_inf);
  }

  Scalar rate, beta1, new_share, beta2, eps, weight_decay;
  bool maximize;
};

}  // namespace

std::unique_ptr<Optimizer> build(const Adamax& options, std::vector<Parameter> parameters) {
  return std::make_unique<Elementwise<Adamax, AdamaxFormula>>(options, std::move(parameters));
}

}  // namespace runner
