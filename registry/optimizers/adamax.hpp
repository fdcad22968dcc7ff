#pragma once

#include "registry/field.hpp"

#include <memory>
#include <string>
#include <vector>

namespace runner {

class Optimizer;
struct Parameter;

/// Section 7.1 of Kingma and Ba, 2015 (arXiv:1412.6980), as torch.optim.Adamax has it.
struct Adamax {
  static constexpr auto summary =
      "Adam with the largest recent gradient in place of the mean square";

  double lr = 2e-3;
  std::vector<double> betas{0.9, 0.999};
  double eps = 1e-8;
  double weight_decay = 0.0;
  bool maximize = false;

  static constexpr auto fields() {
    return std::tuple{
        field("lr", &Adamax::lr, "learning rate", at_least(0)),
        field("betas", &Adamax::betas,
              "decay of the running average of the gradient and of its largest size",
              range_below(0, 1)),
        field("eps", &Adamax::eps, "added to the size of each gradient", at_least(0)),
        field("weight_decay", &Adamax::weight_decay, "L2 penalty, added to the gradient",
              at_least(0)),
        field("maximize", &Adamax::maximize, "climb instead of descend"),
    };
  }

  /// What is wrong with the fields taken together; empty when nothing is.
  std::string conflict() const { return betas.size() == 2 ? "" : "betas needs two numbers"; }
};

std::unique_ptr<Optimizer> build(const Adamax& options, std::vector<Parameter> parameters);

}  // namespace runner
