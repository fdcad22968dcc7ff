#include "registry/parallel/ranks.hpp"

#include "registry/parallel/process_group.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/comm.hpp>

namespace runner {

// Not c10d's splitGroup(): Gloo's writes into the options of the group that it splits, so that it
// can be split once.
Ranks Ranks::only(const std::vector<int>& members, Membership membership) const {
  membership.rank = static_cast<int>(std::ranges::find(members, rank()) - members.begin());
  membership.size = static_cast<int>(members.size());
  membership.store = c10::make_intrusive<c10d::PrefixStore>(
      fmt::format("ranks {}", fmt::join(members, " ")), membership.store);
  return {make_process_group(membership), membership.store, *presence_};
}

c10::intrusive_ptr<c10d::Work> Ranks::start_sum(at::Tensor& tensor) const {
  std::vector<at::Tensor> tensors{tensor};
  return group_->allreduce(tensors);
}

void Ranks::sum(at::Tensor& tensor) const {
  if (alone()) return;
  come();
  if (memory_ && memory_->has_room_for({tensor}))
    tensor.copy_(memory_->sum({tensor}).front().view_as(tensor));
  else
    start_sum(tensor)->wait();
}

c10::intrusive_ptr<c10d::Work> Ranks::start_broadcast(at::Tensor& tensor, int root) const {
  std::vector<at::Tensor> tensors{tensor};
  c10d::BroadcastOptions options;
  options.rootRank = root;
  return group_->broadcast(tensors, options);
}

void Ranks::take_from_first(const std::vector<at::Tensor>& tensors) const {
  if (alone() || tensors.empty()) return;
  come();
  constexpr std::size_t bytes_at_once = 250 << 20;
  c10d::broadcast_coalesced(group_, tensors, bytes_at_once);
}

std::string Ranks::first_of(const std::string& name, const std::string& text) const {
  if (alone()) return text;
  if (rank() == 0) store_->set(name, text);
  come();
  return store_->get_to_str(name);
}

void Ranks::tell(const std::string& key, const std::string& text) const {
  if (store_) store_->set(key, text);
}

std::string Ranks::hear(const std::string& key) const { return store_->get_to_str(key); }

}  // namespace runner
