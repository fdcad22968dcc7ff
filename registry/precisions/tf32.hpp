#pragma once

#include "registry/field.hpp"

#include <memory>

namespace runner {

struct Precision;

struct Tf32 {
  static constexpr auto summary =
      "fp32, with matrix products and convolutions in TensorFloat-32 on GPUs";
  static constexpr auto fields() { return std::tuple{}; }
};

std::unique_ptr<Precision> build(const Tf32& options);

}  // namespace runner
