#pragma once

#include <cstdint>

namespace runner {

/// [begin, end).
struct Part {
  std::int64_t begin = 0, end = 0;

  std::int64_t size() const { return end - begin; }
};

/// Part `index` of `whole` cut into `count` that differ by at most one; the first are the longer.
Part part_of(Part whole, std::int64_t index, std::int64_t count);

}  // namespace runner
