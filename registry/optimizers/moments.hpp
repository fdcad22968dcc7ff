#pragma once

#include "registry/optimizers/elementwise.hpp"

namespace runner {

/// What NAdam and RAdam have in common: the weight decay, and the running averages of the gradient
/// and of its square.
template <class Scalar>
struct RunningMoments {
  static constexpr std::size_t states = 2;

  template <class Options>
  RunningMoments(const Options& options, double lr)
      : kept(static_cast<Scalar>(options.decoupled_weight_decay ? 1 - lr * options.weight_decay
                                                                : 1)),
        weight_decay(static_cast<Scalar>(options.weight_decay)),
        beta1(static_cast<Scalar>(options.betas[0])),
        beta2(static_cast<Scalar>(options.betas[1])),
        new_share1(static_cast<Scalar>(1 - options.betas[0])),
        new_share2(static_cast<Scalar>(1 - options.betas[1])),
        eps(static_cast<Scalar>(options.eps)),
        decoupled(options.decoupled_weight_decay),
        maximize(options.maximize) {}

  template <class Options>
  static std::array<std::string, states> columns(const Options&) {
    return {"exp_avg", "exp_avg_sq"};
  }

  /// Brings the averages up to date; gives the gradient to descend along.
  auto update(auto& weights, const auto& gradient, auto& exp_avg, auto& exp_avg_sq) const {
    if (decoupled) weights *= kept;
    auto along = descent(gradient, weights, decoupled ? Scalar(0) : weight_decay, maximize);
    exp_avg = beta1 * exp_avg + new_share1 * along;
    exp_avg_sq = beta2 * exp_avg_sq + new_share2 * (along * along);
    return along;
  }

  Scalar kept, weight_decay, beta1, beta2, new_share1, new_share2, eps;
  bool decoupled, maximize;
};

}  // namespace runner
