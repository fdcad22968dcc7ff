#pragma once

#include "registry/field.hpp"

#include <memory>

namespace runner {

struct Loss;

struct CrossEntropy {
  static constexpr auto summary = "softmax and negative log-likelihood of logits";

  double label_smoothing = 0.0;

  static constexpr auto fields() {
    return std::tuple{field("label_smoothing", &CrossEntropy::label_smoothing,
                            "probability mass spread evenly over all classes", range(0, 1))};
  }
};

std::unique_ptr<Loss> build(const CrossEntropy& options);

}  // namespace runner
