#include "registry/in_parallel.hpp"

#include <algorithm>

#include <ATen/Parallel.h>

namespace runner {

void in_parallel(std::int64_t count,
                 const std::function<void(std::int64_t begin, std::int64_t end)>& work,
                 std::int64_t size) {
  // Below so many elements a second thread costs more than it saves.
  constexpr std::int64_t elements_for_a_thread = 1 << 15;
  const auto grain = elements_for_a_thread / std::max<std::int64_t>(1, size);
  at::parallel_for(0, count, std::max<std::int64_t>(1, grain), work);
}

}  // namespace runner
