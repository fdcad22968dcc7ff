#pragma once

#include "registry/parallel/part.hpp"
#include "registry/parallel/presence.hpp"
#include "registry/parallel/shared_memory.hpp"

#include <memory>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>
#include <torch/csrc/distributed/c10d/ProcessGroup.hpp>
#include <torch/csrc/distributed/c10d/Store.hpp>

namespace runner {

struct Membership;

/// The ranks of a run, as one of them sees the others. Alone, every collective returns at once.
/// All collectives are called by all ranks in the same order.
class Ranks {
 public:
  Ranks() = default;
  Ranks(c10::intrusive_ptr<c10d::ProcessGroup> group, c10::intrusive_ptr<c10d::Store> store,
        Presence& presence, std::shared_ptr<SharedMemory> memory = nullptr)
      : group_(std::move(group)),
        store_(std::move(store)),
        presence_(&presence),
        memory_(std::move(memory)) {}

  int rank() const { return group_ ? group_->getRank() : 0; }
  int size() const { return group_ ? group_->getSize() : 1; }
  bool alone() const { return !group_; }

  /// Some of these ranks, this one among them, as a group of their own, numbered in this order.
  /// They meet as all have met by `membership`, at the same time, and add up without shared memory.
  Ranks only(const std::vector<int>& members, Membership membership) const;

  /// This rank's part of the positions [begin, end).
  Part share(Part whole) const { return part_of(whole, rank(), size()); }

  /// Adds up over ranks, in place.
  void sum(at::Tensor& tensor) const;
  /// Starts to add up over ranks, in place.
  c10::intrusive_ptr<c10d::Work> start_sum(at::Tensor& tensor) const;
  /// Starts to overwrite the tensor with the one of `root`.
  c10::intrusive_ptr<c10d::Work> start_broadcast(at::Tensor& tensor, int root) const;
  /// Overwrites tensors with those of rank 0.
  void take_from_first(const std::vector<at::Tensor>& tensors) const;

  /// Every rank has a text; gives that of rank 0.
  std::string first_of(const std::string& name, const std::string& text) const;

  /// A text under a key that no other has, for another rank; hear() waits for it. From any thread.
  void tell(const std::string& key, const std::string& text) const;
  std::string hear(const std::string& key) const;

  /// This rank has come to a collective.
  void come() const {
    if (presence_) presence_->meetings.fetch_add(1, std::memory_order_relaxed);
  }
  /// This rank is at work.
  void beat() const {
    if (presence_) presence_->beats.fetch_add(1, std::memory_order_relaxed);
  }

  const c10::intrusive_ptr<c10d::ProcessGroup>& group() const { return group_; }
  /// Where ranks of one host add up; null for others.
  SharedMemory* memory() const { return memory_.get(); }

 private:
  c10::intrusive_ptr<c10d::ProcessGroup> group_;
  c10::intrusive_ptr<c10d::Store> store_;
  Presence* presence_ = nullptr;
  std::shared_ptr<SharedMemory> memory_;
};

}  // namespace runner
