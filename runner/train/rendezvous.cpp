#include "runner/train/rendezvous.hpp"

#include "registry/parallel/process_group.hpp"

#include <chrono>
#include <stdexcept>

#include <c10/util/Logging.h>
#include <stdlib.h>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

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

c10::intrusive_ptr<c10d::Store> open_store(Channel& channel, Milliseconds timeout) {
  c10d::TCPStoreOptions options;
  options.port = 0;  // any that is free
  options.isServer = true;
  options.waitWorkers = false;
  options.timeout = timeout;
  auto store = c10::make_intrusive<c10d::TCPStore>("127.0.0.1", options);
  channel.send({{"event", "store"}, {"port", store->getPort()}});
  return store;
}

c10::intrusive_ptr<c10d::Store> join_store(Channel& channel, Milliseconds timeout) {
  const auto place = channel.receive();
  if (!place) throw std::runtime_error("the supervisor is gone");
  c10d::TCPStoreOptions options;
  options.port = place->at("port");
  options.waitWorkers = false;
  options.timeout = timeout;
  return c10::make_intrusive<c10d::TCPStore>(place->at("host"), options);
}

}  // namespace

Ranks meet(const Json& job, const c10::Device& device, Channel& channel, Heartbeat& heartbeat) {
  const int size = job.at("world_size"), rank = job.at("rank");
  quieten_c10d();
  const auto& topology = job.at("config").at("topology");
  const auto backend = topology.value("backend", "auto");
  // One rank needs no others, unless the recipe names what is to carry tensors between them.
  if (size == 1 && backend == "auto") return {};
  const Milliseconds timeout(job.at("timeout_ms").get<std::int64_t>());
  const auto store = rank == 0 ? open_store(channel, timeout) : join_store(channel, timeout);
  auto group = make_process_group({store, rank, size, job.at("address"), device, backend, timeout});
  const bool may_share = backend == "auto" && device.is_cpu();
  auto memory = may_share ? SharedMemory::meet(*group, *store, timeout) : nullptr;
  return {std::move(group), store, heartbeat.presence, std::move(memory)};
}

bool is_loss_of_others(const std::exception& error) {
  if (dynamic_cast<const c10::DistError*>(&error)) return true;
  if (dynamic_cast<const RankMissing*>(&error)) return true;
  // Gloo's exceptions come as plain runtime errors by way of the autograd engine.
  const std::string text = error.what();
  return text.find("gloo") != std::string::npos || text.find("NCCL") != std::string::npos;
}

}  // namespace runner
