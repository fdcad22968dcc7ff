#pragma once

#include "experiments/value.hpp"

#include <string>

namespace runner {

/// A value as a table shows it: a real number with five digits, nothing for a missing value.
std::string cell(const Value& value);

/// True for what belongs on the right side of a column.
bool is_number(const Value& value);

}  // namespace runner
