#pragma once

#include "registry/field.hpp"
#include "registry/target.hpp"

#include <memory>

namespace runner {

class Loss;
struct JudgedType;

/// torch.nn.HuberLoss.
struct Huber {
  static constexpr auto summary = "half the square of errors up to delta, a line beyond";
  static constexpr auto target = Target::numbers;
  static constexpr auto needs = "logits";

  double delta = 1.0;

  static constexpr auto fields() {
    return std::tuple{
        field("delta", &Huber::delta, "the error beyond which it is a line", above(0))};
  }
};

std::unique_ptr<Loss> build(const Huber& options, const JudgedType& judged);

}  // namespace runner
