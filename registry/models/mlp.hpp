#pragma once

#include "registry/data/sample_type.hpp"
#include "registry/field.hpp"
#include "registry/models/input_fit.hpp"

#include <memory>

namespace runner {

struct Network;

struct Mlp {
  static constexpr auto summary = "fully connected layers with relu between them";
  static constexpr auto gives = "logits";

  std::vector<std::int64_t> hidden{128};
  double dropout = 0.0;

  static constexpr auto fields() {
    return std::tuple{
        field("hidden", &Mlp::hidden, "width of each hidden layer", range(1, 1 << 20)),
        field("dropout", &Mlp::dropout, "drop probability after each hidden layer", range(0, 1)),
    };
  }

  std::string misfit(const SampleType& type) const { return unless_quantities(type); }
};

std::shared_ptr<Network> build(const Mlp& options, const SampleType& type);

}  // namespace runner
