#pragma once

#include <bit>
#include <cstdint>

#include <c10/util/BFloat16.h>

namespace runner {

// c10's own conversion has a branch, which keeps a loop from becoming one of vectors.
[[gnu::always_inline]] inline float widened(c10::BFloat16 value) {
  return std::bit_cast<float>(std::uint32_t{value.x} << 16);
}
[[gnu::always_inline]] inline float widened(float value) { return value; }
[[gnu::always_inline]] inline double widened(double value) { return value; }

}  // namespace runner
