#pragma once

#include "registry/field.hpp"

#include <memory>
#include <string>
#include <vector>

namespace runner {

class Optimizer;
struct Parameter;

/// Duchi et al., "Adaptive Subgradient Methods for Online Learning and Stochastic Optimization",
/// 2011, as torch.optim.Adagrad has it.
struct Adagrad {
  static constexpr auto summary = "step sizes from the sum of all squared gradients";

  double lr = 1e-2;
  double lr_decay = 0.0;
  double weight_decay = 0.0;
  double initial_accumulator_value = 0.0;
  double eps = 1e-10;
  bool maximize = false;

  static constexpr auto fields() {
    return std::tuple{
        field("lr", &Adagrad::lr, "learning rate", at_least(0)),
        field("lr_decay", &Adagrad::lr_decay, "lr is divided by 1 + lr_decay * steps", at_least(0)),
        field("weight_decay", &Adagrad::weight_decay, "L2 penalty, added to the gradient",
              at_least(0)),
        field("initial_accumulator_value", &Adagrad::initial_accumulator_value,
              "what the sums of squares begin with", at_least(0)),
        field("eps", &Adagrad::eps, "added to the denominator", at_least(0)),
        field("maximize", &Adagrad::maximize, "climb instead of descend"),
    };
  }
};

std::unique_ptr<Optimizer> build(const Adagrad& options, std::vector<Parameter> parameters);

}  // namespace runner
