#include "registry/optimizers/lion.hpp"

#include "registry/optimizers/elementwise.hpp"

namespace runner {
namespace {

template <class Scalar>
struct LionFormula {
  static constexpr std::size_t states = 1;
  static std::array<std::string, states> columns(const Lion&) { return {"exp_avg"}; }

  LionFormula(const Lion& options, double rate, std::int64_t)
      : lr(static_cast<Scalar>(rate)),
        kept(static_cast<Scalar>(1 - rate * options.weight_decay)),
        beta1(static_cast<Scalar>(options.betas[0])),
        beta2(static_cast<Scalar>(options.betas[1])),
        new_share1(static_cast<Scalar>(1 - options.betas[0])),
        new_share2(static_cast<Scalar>(1 - options.betas[1])),
        maximize(options.maximize) {}

  auto changing() { return std::tie(lr, kept); }

  void operator()(auto& weights, const auto& gradient, auto& exp_avg) const {
    const auto along = descent(gradient, weights, Scalar(0), maximize);
    weights *= kept;
    weights -= lr * sign(value_of(beta1 * exp_avg + new_share1 * along));
    exp_avg = beta2 * exp_avg + new_share2 * along;
  }

  Scalar lr, kept, beta1, beta2, new_share1, new_share2;
  bool maximize;
};

}  // namespace

std::unique_ptr<Optimizer> build(const Lion& options, std::vector<Parameter> parameters) {
  return std::make_unique<Elementwise<Lion, LionFormula>>(options, std::move(parameters));
}

}  // namespace runner
