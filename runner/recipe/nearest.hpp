#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace runner {

/// The known name that `name` was most likely meant to be; empty when none is close.
std::optional<std::string> nearest(std::string_view name, const std::vector<std::string>& known);

}  // namespace runner
