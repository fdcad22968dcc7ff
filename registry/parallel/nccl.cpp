#include "registry/parallel/nccl.hpp"

#include "registry/cuda_half.hpp"

namespace runner {

c10::intrusive_ptr<c10d::Backend> make_nccl(const Membership& membership) {
  using Make = c10d::Backend* (*)(const Membership&);
  static const auto make = reinterpret_cast<Make>(find_in_cuda_half(nccl_entry));
  return c10::intrusive_ptr<c10d::Backend>::reclaim(make(membership));
}

}  // namespace runner
