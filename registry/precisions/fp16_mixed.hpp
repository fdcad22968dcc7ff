#pragma once

#include "registry/field.hpp"

#include <memory>

namespace runner {

struct Precision;

struct Fp16Mixed {
  static constexpr auto summary =
      "weights in fp32; matrix products and convolutions in float16 (autocast), with a dynamic "
      "loss scale";
  static constexpr auto fields() { return std::tuple{}; }
};

std::unique_ptr<Precision> build(const Fp16Mixed& options);

}  // namespace runner
