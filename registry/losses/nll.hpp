#pragma once

#include "registry/losses/class_factors.hpp"

#include <memory>

namespace runner {

class Loss;
struct JudgedType;

/// torch.nn.NLLLoss.
struct Nll {
  static constexpr auto summary = "negative log-likelihood of log-probabilities";
  static constexpr auto needs = "log-probabilities";

  ClassFactors factors;

  static constexpr auto fields() { return std::tuple{part(&Nll::factors)}; }

  std::string misfit(const SampleType& type) const { return factors.misfit(type); }
};

std::unique_ptr<Loss> build(const Nll& options, const JudgedType& judged);

}  // namespace runner
