#pragma once

#include "registry/field.hpp"

#include <memory>
#include <string>
#include <vector>

namespace runner {

class Optimizer;
struct Parameter;

/// Liu et al., "On the Variance of the Adaptive Learning Rate and Beyond", 2020 (arXiv:1908.03265),
/// as torch.optim.RAdam has it.
struct RAdam {
  static constexpr auto summary =
      "Adam that begins without adaptive step sizes, while their variance is large";

  double lr = 1e-3;
  std::vector<double> betas{0.9, 0.999};
  double eps = 1e-8;
  double weight_decay = 0.0;
  bool decoupled_weight_decay = false;
  bool maximize = false;

  static constexpr auto fields() {
    return std::tuple{
        field("lr", &RAdam::lr, "learning rate", at_least(0)),
        field("betas", &RAdam::betas,
              "decay of the running averages of the gradient and of its square", range_below(0, 1)),
        field("eps", &RAdam::eps, "added to the denominator", at_least(0)),
        field("weight_decay", &RAdam::weight_decay, "L2 penalty, added to the gradient",
              at_least(0)),
        field("decoupled_weight_decay", &RAdam::decoupled_weight_decay,
              "weight decay as AdamW has it, apart from the gradient"),
        field("maximize", &RAdam::maximize, "climb instead of descend"),
    };
  }

  /// What is wrong with the fields taken together; empty when nothing is.
  std::string conflict() const { return betas.size() == 2 ? "" : "betas needs two numbers"; }
};

std::unique_ptr<Optimizer> build(const RAdam& options, std::vector<Parameter> parameters);

}  // namespace runner
