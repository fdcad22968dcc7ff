#pragma once

#include "registry/field.hpp"

#include <memory>
#include <string>
#include <vector>

namespace runner {

class Optimizer;
struct Parameter;

/// Loshchilov and Hutter, "Decoupled Weight Decay Regularization", 2019 (arXiv:1711.05101), as
/// torch.optim.AdamW has it.
struct AdamW {
  static constexpr auto summary = "Adam with decoupled weight decay";

  double lr = 1e-3;
  std::vector<double> betas{0.9, 0.999};
  double eps = 1e-8;
  double weight_decay = 1e-2;
  bool amsgrad = false;
  bool maximize = false;

  static constexpr auto fields() {
    return std::tuple{
        field("lr", &AdamW::lr, "learning rate", at_least(0)),
        field("betas", &AdamW::betas,
              "decay of the running averages of the gradient and of its square", range_below(0, 1)),
        field("eps", &AdamW::eps, "added to the denominator", at_least(0)),
        field("weight_decay", &AdamW::weight_decay,
              "share of each weight taken away per unit of lr", at_least(0)),
        field("amsgrad", &AdamW::amsgrad,
              "divide by the largest squared average so far (arXiv:1904.09237)"),
        field("maximize", &AdamW::maximize, "climb instead of descend"),
    };
  }

  /// What is wrong with the fields taken together; empty when nothing is.
  std::string conflict() const { return betas.size() == 2 ? "" : "betas needs two numbers"; }
};

std::unique_ptr<Optimizer> build(const AdamW& options, std::vector<Parameter> parameters);

}  // namespace runner
