#pragma once

#include <cmath>
#include <cstdint>
#include <optional>

namespace runner {

/// A number that other programs write as a real one; empty where it is none, is not whole, or is
/// larger than a double counts exactly.
inline std::optional<std::int64_t> whole_number(double value) {
  constexpr double most = 9007199254740992;  // 2^53
  if (!(std::abs(value) <= most) || std::trunc(value) != value) return std::nullopt;
  return static_cast<std::int64_t>(value);
}

}  // namespace runner
