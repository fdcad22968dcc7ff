#pragma once

#include "registry/description.hpp"

#include <string>

namespace runner {

/// What a worker tells of its traced steps ({"event": "profiled"}), as a table.
std::string profile_table(const Json& profiled);

}  // namespace runner
