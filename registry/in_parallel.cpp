#include "registry/in_parallel.hpp"

#include <algorithm>
#include <exception>
#include <mutex>

#include <ATen/Parallel.h>

// LibTorch's OpenMP library, called as GCC's own `#pragma omp parallel` calls it ("The libgomp ABI"
// in its manual): at::parallel_for is serial without -fopenmp, and clang's -fopenmp would bring a
// second OpenMP library, with a second set of threads.
extern "C" {
void GOMP_parallel(void (*work)(void*), void* data, unsigned threads, unsigned flags);
int omp_get_thread_num();
int omp_get_num_threads();
}

namespace runner {
namespace {

struct Loop {
  std::int64_t count;
  const std::function<void(std::int64_t, std::int64_t)>& work;
  std::mutex mutex;
  std::exception_ptr error;
};

/// The share of one of OpenMP's threads.
void work_on_share(void* data) {
  auto& loop = *static_cast<Loop*>(data);
  const auto threads = static_cast<std::int64_t>(omp_get_num_threads());
  const auto size = at::divup(loop.count, threads);
  const auto begin = omp_get_thread_num() * size;
  if (begin >= loop.count) return;
  try {
    loop.work(begin, std::min(loop.count, begin + size));
  } catch (...) {
    const std::lock_guard lock(loop.mutex);
    loop.error = std::current_exception();
  }
}

}  // namespace

void in_parallel(std::int64_t count,
                 const std::function<void(std::int64_t begin, std::int64_t end)>& work,
                 std::int64_t size) {
  // Below so many elements a second thread costs more than it saves.
  constexpr std::int64_t elements_for_a_thread = 1 << 15;
  const auto grain =
      std::max<std::int64_t>(1, elements_for_a_thread / std::max<std::int64_t>(1, size));
  if (count <= 0) return;
  const auto threads = std::min<std::int64_t>(at::get_num_threads(), at::divup(count, grain));
  if (threads == 1 || at::in_parallel_region()) return work(0, count);
  Loop loop{count, work, {}, {}};
  GOMP_parallel(work_on_share, &loop, static_cast<unsigned>(threads), 0);
  if (loop.error) std::rethrow_exception(loop.error);
}

}  // namespace runner
