#pragma once

#include <cstdint>
#include <string>

namespace runner {

/// 1199882 -> "1,199,882".
std::string with_commas(std::int64_t number);

/// 4799528 -> "4.8 MB".
std::string bytes(std::int64_t count);

}  // namespace runner
