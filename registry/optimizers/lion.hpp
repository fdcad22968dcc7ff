#pragma once

#include "registry/field.hpp"

#include <memory>
#include <string>
#include <vector>

namespace runner {

class Optimizer;
struct Parameter;

/// Chen et al., "Symbolic Discovery of Optimization Algorithms", 2023 (arXiv:2302.06675),
/// algorithm 2.
struct Lion {
  static constexpr auto summary =
      "steps of the same size in every weight, along the sign of the momentum";

  double lr = 1e-4;
  std::vector<double> betas{0.9, 0.99};
  double weight_decay = 0.0;
  bool maximize = false;

  static constexpr auto fields() {
    return std::tuple{
        field("lr", &Lion::lr, "learning rate", at_least(0)),
        field("betas", &Lion::betas, "share of the momentum in the step, and its decay",
              range_below(0, 1)),
        field("weight_decay", &Lion::weight_decay, "share of each weight taken away per unit of lr",
              at_least(0)),
        field("maximize", &Lion::maximize, "climb instead of descend"),
    };
  }

  /// What is wrong with the fields taken together; empty when nothing is.
  std::string conflict() const { return betas.size() == 2 ? "" : "betas needs two numbers"; }
};

std::unique_ptr<Optimizer> build(const Lion& options, std::vector<Parameter> parameters);

}  // namespace runner
