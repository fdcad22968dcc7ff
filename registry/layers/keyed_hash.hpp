#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace runner {

/// 32 random bits for an index, in a stream of its own for each 64-bit key. The rounds of triple32
/// (Chris Wellons, github.com/skeeto/hash-prospector, 2018), with half of the key before each of
/// the first two, so that no stream is another one in a different order. Its last step is left out:
/// it changes only the low 18 bits, which a comparison with a threshold hardly sees.
struct KeyedHash {
  static constexpr std::uint32_t factors[] = {0xED5AD4BBU, 0xAC4C1B51U, 0x31848BABU};

  explicit KeyedHash(std::uint64_t key)
      : low(static_cast<std::uint32_t>(key)), high(static_cast<std::uint32_t>(key >> 32)) {}

  [[gnu::always_inline]] std::uint32_t operator()(std::uint32_t index) const {
    auto x = index ^ low;
    x = (x ^ (x >> 17)) * factors[0];
    x = (x ^ (x >> 11) ^ high) * factors[1];
    return (x ^ (x >> 15)) * factors[2];
  }

  std::uint32_t low, high;
};

/// A hash is below it with probability p, to 2^-32.
inline std::uint32_t hash_threshold(double p) {
  return static_cast<std::uint32_t>(std::min(std::round(p * 0x1p32), 0x1p32 - 1));
}

}  // namespace runner
