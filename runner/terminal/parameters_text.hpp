#pragma once

#include "registry/components.hpp"

#include <string>

namespace runner {

/// A parameter's value: texts without quotes, numbers with five digits.
std::string value_text(const Json& value);

/// {optimizer.lr: 0.3, seed: 2} as "optimizer.lr 0.3, seed 2".
std::string parameters_text(const Json& parameters);

}  // namespace runner
