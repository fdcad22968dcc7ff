#pragma once

#include "registry/datasets/dataset.hpp"
#include "registry/losses/class_factors.hpp"

#include <memory>

namespace runner {

struct Loss;

/// torch.nn.NLLLoss.
struct Nll {
  static constexpr auto summary = "negative log-likelihood of log-probabilities";
  static constexpr auto needs = "log-probabilities";

  ClassFactors factors;

  static constexpr auto fields() { return std::tuple{part(&Nll::factors)}; }
};

/// Throws std::invalid_argument unless there are no weights or one for each class.
std::unique_ptr<Loss> build(const Nll& options, const DataShape& shape);

}  // namespace runner
