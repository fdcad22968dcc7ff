#pragma once

#include "registry/field.hpp"

#include <memory>
#include <string>
#include <vector>

namespace runner {

class Optimizer;
struct Parameter;

/// Dozat, "Incorporating Nesterov Momentum into Adam", 2016, as torch.optim.NAdam has it.
struct NAdam {
  static constexpr auto summary = "Adam with Nesterov momentum";

  double lr = 2e-3;
  std::vector<double> betas{0.9, 0.999};
  double eps = 1e-8;
  double weight_decay = 0.0;
  double momentum_decay = 4e-3;
  bool decoupled_weight_decay = false;
  bool maximize = false;

  static constexpr auto fields() {
    return std::tuple{
        field("lr", &NAdam::lr, "learning rate", at_least(0)),
        field("betas", &NAdam::betas,
              "decay of the running averages of the gradient and of its square", range_below(0, 1)),
        field("eps", &NAdam::eps, "added to the denominator", at_least(0)),
        field("weight_decay", &NAdam::weight_decay, "L2 penalty, added to the gradient",
              at_least(0)),
        field("momentum_decay", &NAdam::momentum_decay, "how slowly the momentum grows",
              at_least(0)),
        field("decoupled_weight_decay", &NAdam::decoupled_weight_decay,
              "weight decay as AdamW has it, apart from the gradient"),
        field("maximize", &NAdam::maximize, "climb instead of descend"),
    };
  }

  /// What is wrong with the fields taken together; empty when nothing is.
  std::string conflict() const { return betas.size() == 2 ? "" : "betas needs two numbers"; }
};

std::unique_ptr<Optimizer> build(const NAdam& options, std::vector<Parameter> parameters);

}  // namespace runner
