#include "registry/parallel/part.hpp"

#include <algorithm>

namespace runner {

Part part_of(Part whole, std::int64_t index, std::int64_t count) {
  const auto each = whole.size() / count, longer = whole.size() % count;
  const auto begin = whole.begin + index * each + std::min(index, longer);
  return {begin, begin + each + (index < longer ? 1 : 0)};
}

}  // namespace runner
