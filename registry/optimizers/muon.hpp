#pragma once

#include "registry/field.hpp"

#include <memory>
#include <string>
#include <vector>

namespace runner {

class Optimizer;
struct Parameter;

/// Jordan et al., "Muon: An optimizer for hidden layers in neural networks", 2024, as
/// torch.optim.Muon has it.
struct Muon {
  static constexpr auto summary =
      "momentum made orthogonal, for matrices; a group may give the other parameters another "
      "optimizer";

  double lr = 1e-3;
  double weight_decay = 0.1;
  double momentum = 0.95;
  bool nesterov = true;
  std::vector<double> ns_coefficients{3.4445, -4.7750, 2.0315};
  double eps = 1e-7;
  std::int64_t ns_steps = 5;
  std::string adjust_lr_fn = "original";

  static constexpr auto fields() {
    return std::tuple{
        field("lr", &Muon::lr, "learning rate", at_least(0)),
        field("weight_decay", &Muon::weight_decay, "share of each weight taken away per unit of lr",
              at_least(0)),
        field("momentum", &Muon::momentum, "share of the momentum that is kept", at_least(0)),
        field("nesterov", &Muon::nesterov, "look ahead along the momentum"),
        field("ns_coefficients", &Muon::ns_coefficients,
              "of the Newton-Schulz polynomial a x + b x^3 + c x^5"),
        field("eps", &Muon::eps, "least norm that a matrix is divided by", at_least(0)),
        field("ns_steps", &Muon::ns_steps, "Newton-Schulz iterations", range(1, 99)),
        field("adjust_lr_fn", &Muon::adjust_lr_fn,
              "how lr follows a matrix's shape: original sqrt(max(1, rows / columns)), "
              "match_rms_adamw 0.2 sqrt(max(rows, columns))",
              one_of<"original", "match_rms_adamw">),
    };
  }

  std::string conflict() const {
    return ns_coefficients.size() == 3 ? "" : "ns_coefficients needs three numbers";
  }
};

std::unique_ptr<Optimizer> build(const Muon& options, std::vector<Parameter> parameters);

}  // namespace runner
