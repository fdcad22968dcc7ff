#pragma once

#include "registry/field.hpp"

#include <memory>
#include <vector>

namespace runner {

class Optimizer;
struct Parameter;

/// Zeiler, "ADADELTA: An Adaptive Learning Rate Method", 2012 (arXiv:1212.5701), as
/// torch.optim.Adadelta has it.
struct Adadelta {
  static constexpr auto summary = "step sizes from running averages of gradients and of updates";

  double lr = 1.0;
  double rho = 0.9;
  double eps = 1e-6;
  double weight_decay = 0.0;
  bool maximize = false;

  static constexpr auto fields() {
    return std::tuple{
        field("lr", &Adadelta::lr, "factor on every update", at_least(0)),
        field("rho", &Adadelta::rho, "decay of the running averages", range(0, 1)),
        field("eps", &Adadelta::eps, "added under the square roots", at_least(0)),
        field("weight_decay", &Adadelta::weight_decay, "L2 penalty, added to the gradient",
              at_least(0)),
        field("maximize", &Adadelta::maximize, "climb instead of descend"),
    };
  }
};

std::unique_ptr<Optimizer> build(const Adadelta& options, std::vector<Parameter> parameters);

}  // namespace runner
