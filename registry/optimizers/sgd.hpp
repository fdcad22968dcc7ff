#pragma once

#include "registry/field.hpp"

#include <memory>
#include <string>
#include <vector>

namespace runner {

class Optimizer;
struct Parameter;

/// As torch.optim.SGD has it; momentum and nesterov after Sutskever et al., 2013.
struct Sgd {
  static constexpr auto summary = "stochastic gradient descent, with momentum if asked for";

  double lr = 1e-3;
  double momentum = 0.0;
  double dampening = 0.0;
  double weight_decay = 0.0;
  bool nesterov = false;
  bool maximize = false;

  static constexpr auto fields() {
    return std::tuple{
        field("lr", &Sgd::lr, "learning rate", at_least(0)),
        field("momentum", &Sgd::momentum, "share of the last update that is kept", at_least(0)),
        field("dampening", &Sgd::dampening, "share of the gradient kept out of the momentum"),
        field("weight_decay", &Sgd::weight_decay, "L2 penalty, added to the gradient", at_least(0)),
        field("nesterov", &Sgd::nesterov,
              "look ahead along the momentum (momentum above 0, dampening 0)"),
        field("maximize", &Sgd::maximize, "climb instead of descend"),
    };
  }

  /// What is wrong with the fields taken together; empty when nothing is.
  std::string conflict() const {
    return nesterov && (momentum <= 0 || dampening != 0)
               ? "nesterov needs momentum above 0 and dampening 0"
               : "";
  }
};

std::unique_ptr<Optimizer> build(const Sgd& options, std::vector<Parameter> parameters);

}  // namespace runner
