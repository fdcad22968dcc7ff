#pragma once

#include "registry/field.hpp"

#include <memory>

namespace runner {

struct Precision;

struct Fp32 {
  static constexpr auto summary = "everything in 32-bit floating point";
  static constexpr auto fields() { return std::tuple{}; }
};

std::unique_ptr<Precision> build(const Fp32& options);

}  // namespace runner
