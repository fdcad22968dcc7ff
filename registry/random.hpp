#pragma once

#include <cstdint>
#include <string_view>

namespace runner {

/// SplitMix64's finalizer (Steele, Lea and Flood, 2014): every input bit changes half of the output
/// bits.
std::uint64_t mix(std::uint64_t x);

/// A key derived from others, so that each use of randomness has a stream of its own.
template <class... Keys>
std::uint64_t derive(std::uint64_t seed, Keys... keys) {
  ((seed = mix(seed ^ mix(static_cast<std::uint64_t>(keys) + 0x9E3779B97F4A7C15U))), ...);
  return seed;
}

/// A key made of a name, the same on every machine.
std::uint64_t key_of(std::string_view name);

}  // namespace runner
