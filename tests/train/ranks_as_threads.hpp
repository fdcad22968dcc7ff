#pragma once

#include "registry/parallel/process_group.hpp"
#include "registry/parallel/ranks.hpp"

#include <chrono>
#include <exception>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include <stdlib.h>
#include <torch/csrc/distributed/c10d/HashStore.hpp>

namespace runner {

enum class Sums { by_gloo, in_memory };

/// Runs `work` as each of `size` ranks, in a thread each, over real Gloo; gives the text of each
/// rank's exception, empty without one.
inline std::vector<std::string> as_ranks(
    int size, const std::function<void(const Ranks&)>& work, Sums sums = Sums::by_gloo,
    std::chrono::milliseconds timeout = std::chrono::seconds(5)) {
  setenv("TORCH_FR_BUFFER_SIZE", "0", 1);  // c10d's flight recorder is one for all threads
  const auto store = c10::make_intrusive<c10d::HashStore>();
  std::vector<std::string> errors(static_cast<std::size_t>(size));
  std::vector<std::thread> threads;
  for (int rank = 0; rank < size; ++rank)
    threads.emplace_back([&, rank] {
      try {
        Presence presence;
        const auto group =
            make_process_group({store, rank, size, "127.0.0.1", c10::kCPU, "gloo", timeout});
        auto memory =
            sums == Sums::in_memory ? SharedMemory::meet(*group, *store, timeout) : nullptr;
        const Ranks ranks(group, store, presence, std::move(memory));
        work(ranks);
      } catch (const std::exception& error) {
        errors[static_cast<std::size_t>(rank)] = error.what();
      }
    });
  for (auto& thread : threads) thread.join();
  return errors;
}

}  // namespace runner
