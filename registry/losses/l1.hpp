#pragma once

#include "registry/field.hpp"
#include "registry/target.hpp"

#include <memory>

namespace runner {

class Loss;
struct JudgedType;

/// torch.nn.L1Loss.
struct L1 {
  static constexpr auto summary = "the size of the error of each number";
  static constexpr auto target = Target::numbers;
  static constexpr auto needs = "logits";
  static constexpr auto fields() { return std::tuple{}; }
};

std::unique_ptr<Loss> build(const L1& options, const JudgedType& judged);

}  // namespace runner
