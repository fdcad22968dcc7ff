#include "runner/search/grid.hpp"

namespace runner {

std::int64_t grid_size(const Space& space) {
  std::int64_t size = 1;
  for (const auto& axis : space) {
    const auto count = axis.count().value_or(1);
    if (count > largest_grid / size) return largest_grid + 1;
    size *= count;
  }
  return size;
}

Point grid_point(const Space& space, std::int64_t number) {
  Point point(space.size());
  for (std::size_t i = space.size(); i-- > 0;) {
    const auto count = space[i].count().value();
    const auto first = space[i].is_integer() ? static_cast<std::int64_t>(space[i].low) : 0;
    point[i] = first + number % count;
    number /= count;
  }
  return point;
}

}  // namespace runner
