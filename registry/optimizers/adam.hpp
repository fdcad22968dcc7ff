#pragma once

#include "registry/field.hpp"

#include <memory>
#include <string>
#include <vector>

namespace runner {

class Optimizer;
struct Parameter;

/// Kingma and Ba, "Adam: A Method for Stochastic Optimization", 2015 (arXiv:1412.6980), as
/// torch.optim.Adam has it.
struct Adam {
  static constexpr auto summary =
      "step sizes from running averages of gradients and of their squares";

  double lr = 1e-3;
  std::vector<double> betas{0.9, 0.999};
  double eps = 1e-8;
  double weight_decay = 0.0;
  bool amsgrad = false;
  bool maximize = false;
  bool decoupled_weight_decay = false;

  static constexpr auto fields() {
    return std::tuple{
        field("lr", &Adam::lr, "learning rate", at_least(0)),
        field("betas", &Adam::betas,
              "decay of the running averages of the gradient and of its square", range_below(0, 1)),
        field("eps", &Adam::eps, "added to the denominator", at_least(0)),
        field("weight_decay", &Adam::weight_decay, "L2 penalty, added to the gradient",
              at_least(0)),
        field("amsgrad", &Adam::amsgrad,
              "divide by the largest squared average so far (arXiv:1904.09237)"),
        field("maximize", &Adam::maximize, "climb instead of descend"),
        field("decoupled_weight_decay", &Adam::decoupled_weight_decay,
              "shrink the weights themselves, as adamw does"),
    };
  }

  /// What is wrong with the fields taken together; empty when nothing is.
  std::string conflict() const { return betas.size() == 2 ? "" : "betas needs two numbers"; }
};

std::unique_ptr<Optimizer> build(const Adam& options, std::vector<Parameter> parameters);

}  // namespace runner
