#include "registry/topologies/zero1.hpp"

#include "registry/parallel/data_parallel.hpp"
#include "registry/parallel/mesh.hpp"

#include <algorithm>
#include <numeric>

#include <ATen/ATen.h>
#include <torch/csrc/utils/tensor_flatten.h>

namespace runner {
namespace {

/// Which parameters each of `count` ranks keeps: the largest first, each to the rank that has the
/// least (Graham's longest-processing-time rule).
std::vector<std::vector<Parameter>> share_out(std::vector<Parameter> parameters, int count) {
  std::stable_sort(parameters.begin(), parameters.end(), [](const auto& a, const auto& b) {
    return a.tensor.numel() > b.tensor.numel();
  });
  std::vector<std::vector<Parameter>> shares(static_cast<std::size_t>(count));
  std::vector<std::int64_t> sizes(shares.size(), 0);
  for (const auto& parameter : parameters) {
    const auto least = std::min_element(sizes.begin(), sizes.end()) - sizes.begin();
    shares[static_cast<std::size_t>(least)].push_back(parameter);
    sizes[static_cast<std::size_t>(least)] += parameter.tensor.numel();
  }
  return shares;
}

class ShardedOptimizer : public DataParallel {
 public:
  ShardedOptimizer(const DataParallelOptions& options, Network& network, const Ranks& ranks)
      : DataParallel(options, network, ranks) {
    const auto shares = share_out(parameters(), ranks.size());
    own_ = shares[static_cast<std::size_t>(ranks.rank())];
    for (const auto& share : shares) {
      auto& tensors = shares_.emplace_back();
      for (const auto& parameter : share) tensors.push_back(parameter.tensor);
    }
  }

  std::vector<Parameter> own_parameters() const override { return own_; }

  bool is_sharded() const override { return true; }

  /// Each rank hands the weights that it has updated to all others.
  void after_update() override {
    const at::NoGradGuard no_grad;
    ranks().come();
    if (have_room_in_memory())
      ranks().memory()->take_from_owners(shares_);
    else
      broadcast_shares();
  }

 private:
  bool have_room_in_memory() const {
    const auto* memory = ranks().memory();
    return memory && std::ranges::all_of(
                         shares_, [&](const auto& share) { return memory->has_room_for(share); });
  }

  void broadcast_shares() const {
    std::vector<at::Tensor> flat;
    std::vector<c10::intrusive_ptr<c10d::Work>> under_way;
    for (std::size_t owner = 0; owner < shares_.size(); ++owner) {
      if (shares_[owner].empty()) continue;
      flat.push_back(torch::utils::flatten_dense_tensors(shares_[owner]));
      under_way.push_back(ranks().start_broadcast(flat.back(), static_cast<int>(owner)));
    }
    auto sent = under_way.begin();
    auto weights = flat.begin();
    for (const auto& share : shares_) {
      if (share.empty()) continue;
      (*sent++)->wait();
      const auto received = torch::utils::unflatten_dense_tensors(*weights++, share);
      for (std::size_t i = 0; i < share.size(); ++i) share[i].copy_(received[i]);
    }
  }

  std::vector<Parameter> own_;
  std::vector<std::vector<at::Tensor>> shares_;  // of each rank
};

}  // namespace

std::unique_ptr<Strategy> build(const Zero1& options, Network& network, const Mesh& mesh) {
  DataParallelOptions parallel;
  parallel.bucket_mb = options.exchange.bucket_mb;
  parallel.sync_batchnorm = options.exchange.sync_batchnorm;
  return std::make_unique<ShardedOptimizer>(parallel, network, mesh.data());
}

}  // namespace runner
