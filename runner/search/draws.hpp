#pragma once

#include "registry/random.hpp"

#include <cstdint>

namespace runner {

/// Random numbers from a key: the same on every machine.
class Draws {
 public:
  explicit Draws(std::uint64_t key) : key_(key) {}

  /// In [0, 1), of 53 bits.
  double uniform() { return static_cast<double>(derive(key_, count_++) >> 11) * 0x1p-53; }

 private:
  std::uint64_t key_;
  std::uint64_t count_ = 0;
};

}  // namespace runner
