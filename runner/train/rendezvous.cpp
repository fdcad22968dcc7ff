#include "runner/train/rendezvous.hpp"

#include "registry/parallel/listeners.hpp"
#include "registry/parallel/process_group.hpp"
#include "runner/train/front_store.hpp"

#include <chrono>

#include <c10/util/Logging.h>
#include <stdlib.h>

namespace runner {
namespace {

using Milliseconds = std::chrono::milliseconds;

/// c10d would note the last 2000 collectives with their stack traces, which the supervisor makes
/// needless, and warn of every host whose address has no name.
void quieten_c10d() {
  setenv("TORCH_FR_BUFFER_SIZE", "0", 0);
  constexpr int errors = 2;
  if (!getenv("TORCH_CPP_LOG_LEVEL")) FLAGS_caffe2_log_level = errors;
}

}  // namespace

Ranks meet(const protocol::Job& job, const c10::Device& device, Channel& channel,
           Heartbeat& heartbeat) {
  const auto& place = job.place;
  const int size = place.world_size, rank = place.rank;
  quieten_c10d();
  const auto& topology = job.config.at("topology");
  const auto backend = topology.value("backend", "auto");
  // One rank needs no others, unless the recipe names what is to carry tensors between them.
  if (size == 1 && backend == "auto") return {};
  const Milliseconds timeout(place.timeout_ms);
  const auto store = c10::make_intrusive<FrontStore>(channel, timeout);
  auto group = make_process_group({store, rank, size, place.address, device, backend, timeout});
  // Gloo has connected all ranks, unless each pair is to be when it first has something to say;
  // NCCL does so always.
  const bool all_connected =
      choose_backend(backend, device) == "gloo" && !getenv("TORCH_GLOO_LAZY_INIT");
  if (all_connected) refuse_newcomers();
  const bool may_share = backend == "auto" && device.is_cpu();
  auto memory = may_share ? SharedMemory::meet(*group, *store, timeout) : nullptr;
  return {std::move(group), store, heartbeat.presence, std::move(memory)};
}

}  // namespace runner
