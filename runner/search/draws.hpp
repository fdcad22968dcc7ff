#pragma once

#include "registry/random.hpp"
#include "runner/search/axis.hpp"

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

/// A point of the space, each value in its share of the cases.
inline Point draw_anywhere(const Space& space, Draws& draws) {
  Point point;
  for (const auto& axis : space) point.push_back(from_unit(axis, draws.uniform()));
  return point;
}

}  // namespace runner
