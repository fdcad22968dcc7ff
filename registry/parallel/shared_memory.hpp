#pragma once

#include "registry/parallel/shared_segment.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <vector>

#include <ATen/core/Tensor.h>
#include <torch/csrc/distributed/c10d/ProcessGroup.hpp>
#include <torch/csrc/distributed/c10d/Store.hpp>

namespace runner {

/// A rank has not come to where the others wait for it.
struct RankMissing : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Where the ranks of one host add up: what one of them lays down the others read, which a socket
/// would copy four times. All of it is called by all ranks in the same order.
class SharedMemory {
 public:
  /// None on all ranks where one of them cannot have it, as on another host. Throws RankMissing
  /// from then on when a rank takes longer than `timeout`.
  static std::shared_ptr<SharedMemory> meet(c10d::ProcessGroup& group, c10d::Store& store,
                                            std::chrono::milliseconds timeout);

  /// For tensors on CPUs that take up to 64 MiB in all.
  bool has_room_for(const std::vector<at::Tensor>& tensors) const;

  /// The sums over ranks, flat. Each number is added up by one rank alone, in the order of ranks:
  /// all have the same bits. They last until this rank comes to the next sum.
  std::vector<at::Tensor> sum(const std::vector<at::Tensor>& tensors);

  /// Overwrites what each rank owns with what that rank has of it. Tensors are contiguous.
  void take_from_owners(const std::vector<std::vector<at::Tensor>>& owned);

 private:
  SharedMemory(SharedSegment segment, int rank, int size, std::chrono::milliseconds timeout)
      : segment_(std::move(segment)), rank_(rank), size_(size), timeout_(timeout) {}

  std::atomic<std::uint32_t>& meetings_of(int rank) const;
  /// Flat and of the type of `like`, in what `owner` lays down; owner `size_` has the sums.
  at::Tensor view(int owner, std::int64_t offset, const at::Tensor& like) const;
  void wait_for_all();
  void wait_for(int rank) const;

  SharedSegment segment_;
  int rank_, size_;
  std::chrono::milliseconds timeout_;
  std::uint32_t meetings_ = 0;
};

}  // namespace runner
