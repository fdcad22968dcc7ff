#pragma once

#include "registry/parallel/process_group.hpp"
#include "registry/parallel/ranks.hpp"

#include <exception>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include <stdlib.h>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

namespace runner {

/// Runs `work` as each of `size` ranks, in a thread each, over real Gloo; gives the text of each
/// rank's exception, empty without one.
inline std::vector<std::string> as_ranks(int size, const std::function<void(const Ranks&)>& work) {
  setenv("TORCH_FR_BUFFER_SIZE", "0", 1);  // c10d's flight recorder is one for all threads
  c10d::TCPStoreOptions options;
  options.port = 0;
  options.isServer = true;
  options.waitWorkers = false;
  const auto server = c10::make_intrusive<c10d::TCPStore>("127.0.0.1", options);
  std::vector<std::string> errors(static_cast<std::size_t>(size));
  std::vector<std::thread> threads;
  for (int rank = 0; rank < size; ++rank)
    threads.emplace_back([&, rank] {
      try {
        c10d::TCPStoreOptions joining;
        joining.port = server->getPort();
        joining.waitWorkers = false;
        const auto store = c10::make_intrusive<c10d::TCPStore>("127.0.0.1", joining);
        Presence presence;
        const Ranks ranks(make_process_group({store, rank, size, "127.0.0.1", c10::kCPU, "gloo",
                                              std::chrono::milliseconds(5000)}),
                          store, presence);
        work(ranks);
      } catch (const std::exception& error) {
        errors[static_cast<std::size_t>(rank)] = error.what();
      }
    });
  for (auto& thread : threads) thread.join();
  return errors;
}

}  // namespace runner
