#include "registry/optimizers/in_parallel.hpp"

#include <ATen/Parallel.h>

namespace runner {

void in_parallel(std::int64_t count,
                 const std::function<void(std::int64_t begin, std::int64_t end)>& work) {
  // Below so many elements a second thread costs more than it saves.
  constexpr std::int64_t elements_for_a_thread = 1 << 15;
  at::parallel_for(0, count, elements_for_a_thread, work);
}

}  // namespace runner
