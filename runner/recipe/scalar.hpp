#pragma once

#include "registry/description.hpp"

#include <string>
#include <string_view>

namespace runner {

/// A plain (unquoted) scalar read by YAML 1.2's core schema: `1e-4` is a number, `no` is a string.
struct Scalar {
  Json value;
  std::string problem;  ///< why the text is refused: a number that YAML versions read differently
};

Scalar read_scalar(std::string_view text);

}  // namespace runner
