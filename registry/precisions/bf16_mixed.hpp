#pragma once

#include "registry/field.hpp"

#include <memory>

namespace runner {

struct Precision;

struct Bf16Mixed {
  static constexpr auto summary =
      "weights in fp32; matrix products and convolutions in bfloat16 (autocast)";
  static constexpr auto fields() { return std::tuple{}; }
};

std::unique_ptr<Precision> build(const Bf16Mixed& options);

}  // namespace runner
