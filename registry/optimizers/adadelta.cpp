#include "registry/optimizers/adadelta.hpp"

#include "registry/optimizers/elementwise.hpp"

namespace runner {
namespace {

template <class Scalar>
struct AdadeltaFormula {
  static constexpr std::size_t states = 2;
  static std::array<std::string, states> columns(const Adadelta&) {
    return {"square_avg", "acc_delta"};
  }

  AdadeltaFormula(const Adadelta& options, double rate, std::int64_t)
      : lr(static_cast<Scalar>(rate)),
        rho(static_cast<Scalar>(options.rho)),
        new_share(static_cast<Scalar>(1 - options.rho)),
        eps(static_cast<Scalar>(options.eps)),
        weight_decay(static_cast<Scalar>(options.weight_decay)),
        maximize(options.maximize) {}

  auto changing() { return std::tie(lr); }

  void operator()(auto& weights, const auto& gradient, auto& square_avg, auto& acc_delta) const {
    const auto along = descent(gradient, weights, weight_decay, maximize);
    square_avg = rho * square_avg + new_share * (along * along);
    const auto delta = root(acc_delta + eps) / root(square_avg + eps) * along;
    acc_delta = rho * acc_delta + new_share * (delta * delta);
    weights -= lr * delta;
  }

  Scalar lr, rho, new_share, eps, weight_decay;
  bool maximize;
};

}  // namespace

std::unique_ptr<Optimizer> build(const Adadelta& options, std::vector<Parameter> parameters) {
  return std::make_unique<Elementwise<Adadelta, AdadeltaFormula>>(options, std::move(parameters));
}

}  // namespace runner
