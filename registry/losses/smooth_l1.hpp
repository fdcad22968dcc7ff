#pragma once

#include "registry/field.hpp"
#include "registry/target.hpp"

#include <memory>

namespace runner {

class Loss;
struct JudgedType;

/// torch.nn.SmoothL1Loss.
struct SmoothL1 {
  static constexpr auto summary = "l1 that is a square near 0: error^2 / (2 beta) below beta";
  static constexpr auto target = Target::numbers;
  static constexpr auto needs = "logits";

  double beta = 1.0;

  static constexpr auto fields() {
    return std::tuple{
        field("beta", &SmoothL1::beta, "the error below which it is a square; 0: l1", at_least(0))};
  }
};

std::unique_ptr<Loss> build(const SmoothL1& options, const JudgedType& judged);

}  // namespace runner
