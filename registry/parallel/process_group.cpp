#include "registry/parallel/process_group.hpp"

#include "registry/parallel/listeners.hpp"
#include "registry/parallel/nccl.hpp"

#include <stdexcept>

#include <dlfcn.h>
#include <netdb.h>
#include <stdlib.h>
#include <torch/csrc/distributed/c10d/GlooDeviceFactory.hpp>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>

/// c10d asks for the name of every address that it connects or is connected to, for its log, also
/// where nothing is logged; a name server that is slow or gone would hold the ranks up for as long
/// as the resolver waits (pytorch#159007). Found before the C library's, this one gives numbers.
extern "C" int getnameinfo(const sockaddr* address, socklen_t size, char* host, socklen_t host_size,
                           char* service, socklen_t service_size, int flags) {
  static const auto next =
      reinterpret_cast<decltype(&getnameinfo)>(dlsym(RTLD_NEXT, "getnameinfo"));
  return next(address, size, host, host_size, service, service_size, flags | NI_NUMERICHOST);
}

namespace runner {
namespace {

c10::intrusive_ptr<c10d::Backend> make_gloo(const Membership& membership) {
  auto options = c10d::ProcessGroupGloo::Options::create(membership.timeout);
  // By the address that is known to work: the host's name may stand for 127.0.1.1 on itself.
  options->devices.push_back(c10d::ProcessGroupGloo::createDeviceForHostname(membership.address));
  hold_back_parts();
  auto gloo = c10::make_intrusive<c10d::ProcessGroupGloo>(
      c10::make_intrusive<c10d::PrefixStore>("gloo", membership.store), membership.rank,
      membership.size, std::move(options));
  release_parts();
  return gloo;
}

/// NCCL would listen on the first network that it finds; the user's own choice stands.
void stay_on_this_machine(const std::string& address) {
  if (address.starts_with("127.")) setenv("NCCL_SOCKET_IFNAME", "lo", 0);
}

}  // namespace

std::string choose_backend(const std::string& backend, const c10::Device& device) {
  if (backend == "auto") return device.is_cuda() ? "nccl" : "gloo";
  if (backend == "nccl" && !device.is_cuda())
    throw std::runtime_error("topology.backend is nccl, but the ranks run on CPUs; try gloo");
  return backend;
}

c10::intrusive_ptr<c10d::ProcessGroup> make_process_group(const Membership& membership) {
  using Group = c10d::ProcessGroup;
  const auto backend = choose_backend(membership.backend, membership.device);
  auto group = c10::make_intrusive<Group>(membership.store, membership.rank, membership.size);
  const auto gloo = make_gloo(membership);
  group->setBackend(c10::kCPU, Group::BackendType::GLOO, gloo);
  if (backend == "nccl") {
    stay_on_this_machine(membership.address);
    group->setBackend(c10::kCUDA, Group::BackendType::NCCL, make_nccl(membership));
    group->setDefaultBackend(Group::BackendType::NCCL);
  } else {
    if (membership.device.is_cuda()) group->setBackend(c10::kCUDA, Group::BackendType::GLOO, gloo);
    group->setDefaultBackend(Group::BackendType::GLOO);
  }
  return group;
}

}  // namespace runner
