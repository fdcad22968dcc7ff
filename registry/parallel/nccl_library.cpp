#include "registry/parallel/nccl.hpp"

#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>

extern "C" c10d::Backend* runner_make_nccl(const runner::Membership& membership) {
  auto options = c10d::ProcessGroupNCCL::Options::create();
  options->timeout = membership.timeout;
  auto group = c10::make_intrusive<c10d::ProcessGroupNCCL>(
      c10::make_intrusive<c10d::PrefixStore>("nccl", membership.store), membership.rank,
      membership.size, std::move(options));
  group->setBoundDeviceId(membership.device);
  return group.release();
}
