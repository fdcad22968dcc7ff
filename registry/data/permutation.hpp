#pragma once

#include "registry/random.hpp"

#include <array>
#include <cstdint>

namespace runner {

/// A pseudo-random order of [0, size) in which any position is found at once: the same for any
/// number of ranks and for any point of resuming, with nothing to store. A Feistel network over the
/// next power of four, walking in cycles until it lands inside (Black and Rogaway, "Ciphers with
/// Arbitrary Finite Domains", 2002).
class Permutation {
 public:
  Permutation(std::uint64_t key, std::int64_t size);

  /// Which element stands at `position`, both in [0, size).
  std::int64_t operator[](std::int64_t position) const;

  std::int64_t size() const { return static_cast<std::int64_t>(size_); }

 private:
  static constexpr int rounds = 6;

  std::uint64_t encrypt(std::uint64_t value) const;

  std::uint64_t size_;
  int half_bits_;
  std::array<std::uint64_t, rounds> round_keys_;
};

}  // namespace runner
