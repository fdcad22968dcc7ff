#pragma once

#include "registry/field.hpp"

#include <memory>

namespace runner {

struct Precision;

struct Bf16True {
  static constexpr auto summary =
      "everything in bfloat16, weights included: half the memory, three digits";
  static constexpr auto fields() { return std::tuple{}; }
};

std::unique_ptr<Precision> build(const Bf16True& options);

}  // namespace runner
