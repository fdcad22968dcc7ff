#pragma once

#include "registry/field.hpp"

#include <memory>
#include <string>
#include <vector>

namespace runner {

class Optimizer;
struct Parameter;

/// Tieleman and Hinton, lecture 6.5 of "Neural Networks for Machine Learning", 2012; centered after
/// Graves, 2013 (arXiv:1308.0850); as torch.optim.RMSprop has it.
struct RmsProp {
  static constexpr auto summary = "gradients divided by a running average of their size";

  double lr = 1e-2;
  double alpha = 0.99;
  double eps = 1e-8;
  double weight_decay = 0.0;
  double momentum = 0.0;
  bool centered = false;
  bool maximize = false;

  static constexpr auto fields() {
    return std::tuple{
        field("lr", &RmsProp::lr, "learning rate", at_least(0)),
        field("alpha", &RmsProp::alpha, "decay of the running average", range(0, 1)),
        field("eps", &RmsProp::eps, "added to the denominator", at_least(0)),
        field("weight_decay", &RmsProp::weight_decay, "L2 penalty, added to the gradient",
              at_least(0)),
        field("momentum", &RmsProp::momentum, "share of the last update that is kept", at_least(0)),
        field("centered", &RmsProp::centered,
              "divide by the standard deviation instead of the size"),
        field("maximize", &RmsProp::maximize, "climb instead of descend"),
    };
  }
};

std::unique_ptr<Optimizer> build(const RmsProp& options, std::vector<Parameter> parameters);

}  // namespace runner
