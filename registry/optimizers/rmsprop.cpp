#include "registry/optimizers/rmsprop.hpp"

#include "registry/optimizers/elementwise.hpp"

namespace runner {
namespace {

template <class Scalar>
struct RmsPropFormula {
  static constexpr std::size_t states = 3;
  static std::array<std::string, states> columns(const RmsProp& options) {
    return {"square_avg", options.momentum > 0 ? "momentum_buffer" : "",
            options.centered ? "grad_avg" : ""};
  }

  RmsPropFormula(const RmsProp& options, double rate, std::int64_t)
      : lr(static_cast<Scalar>(rate)),
        alpha(static_cast<Scalar>(options.alpha)),
        new_share(static_cast<Scalar>(1 - options.alpha)),
        eps(static_cast<Scalar>(options.eps)),
        momentum(static_cast<Scalar>(options.momentum)),
        weight_decay(static_cast<Scalar>(options.weight_decay)),
        centered(options.centered),
        maximize(options.maximize) {}

  auto changing() { return std::tie(lr); }

  void operator()(auto& weights, const auto& gradient, auto& square_avg, auto& momentum_buffer,
                  auto& grad_avg) const {
    const auto along = descent(gradient, weights, weight_decay, maximize);
    square_avg = alpha * square_avg + new_share * (along * along);
    if (centered) grad_avg = alpha * grad_avg + new_share * along;
    const auto variance =
        centered ? value_of(square_avg - grad_avg * grad_avg) : value_of(square_avg);
    const auto step = along / (root(variance) + eps);
    if (momentum == 0) {
      weights -= lr * step;
    } else {
      momentum_buffer = momentum * momentum_buffer + step;
      weights -= lr * momentum_buffer;
    }
  }

  Scalar lr, alpha, new_share, eps, momentum, weight_decay;
  bool centered, maximize;
};

}  // namespace

std::unique_ptr<Optimizer> build(const RmsProp& options, std::vector<Parameter> parameters) {
  return std::make_unique<Elementwise<RmsProp, RmsPropFormula>>(options, std::move(parameters));
}

}  // namespace runner
