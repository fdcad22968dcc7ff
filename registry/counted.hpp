#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace runner {

/// (1, "step") as "1 step", (2, "step") as "2 steps", (3, "process") as "3 processes".
std::string counted(std::int64_t count, std::string_view noun);

}  // namespace runner
