#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace runner {

/// The rows of a CSV text (RFC 4180), the header first; empty lines are none.
std::vector<std::vector<std::string>> read_csv(std::string_view text);

}  // namespace runner
