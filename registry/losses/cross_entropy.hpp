#pragma once

#include "registry/datasets/dataset.hpp"
#include "registry/losses/class_factors.hpp"

#include <memory>

namespace runner {

struct Loss;

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
};

/// Throws std::invalid_argument unless there are no weights or one for each class.
std::unique_ptr<Loss> build(const CrossEntropy& options, const DataShape& shape);

}  // namespace runner
