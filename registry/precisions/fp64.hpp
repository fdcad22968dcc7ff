#pragma once

#include "registry/field.hpp"

#include <memory>

namespace runner {

struct Precision;

struct Fp64 {
  static constexpr auto summary = "everything in 64-bit floating point";
  static constexpr auto fields() { return std::tuple{}; }
};

std::unique_ptr<Precision> build(const Fp64& options);

}  // namespace runner
