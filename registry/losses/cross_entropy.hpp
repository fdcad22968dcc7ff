#pragma once

#include "registry/losses/class_factors.hpp"

#include <memory>

namespace runner {

class Loss;
struct JudgedType;

/// torch.nn.CrossEntropyLoss.
struct CrossEntropy {
  static constexpr auto summary = "softmax and negative log-likelihood of logits";

  double label_smoothing = 0.0;
  ClassFactors factors;

  static constexpr auto fields() {
    return std::tuple{field("label_smoothing", &CrossEntropy::label_smoothing,
                            "probability mass spread evenly over all classes", range(0, 1)),
                      part(&CrossEntropy::factors)};
  }

  std::string misfit(const SampleType& type) const { return factors.misfit(type); }
};

std::unique_ptr<Loss> build(const CrossEntropy& options, const JudgedType& judged);

}  // namespace runner
