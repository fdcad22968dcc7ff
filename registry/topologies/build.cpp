#include "registry/builders.hpp"
#include "registry/parallel/alone.hpp"
#include "registry/topologies/catalog.hpp"

namespace runner {
namespace {

std::unique_ptr<Strategy> build(const Single&, Network& network, const Ranks&) {
  return train_alone(network);
}

std::unique_ptr<Strategy> build(const Auto&, Network& network, const Ranks& ranks) {
  return build(Ddp{}, network, ranks);
}

}  // namespace

std::unique_ptr<Strategy> build_strategy(const Json& component, Network& network,
                                         const Ranks& ranks) {
  if (ranks.alone()) return train_alone(network);
  return Topologies::visit<std::unique_ptr<Strategy>>(
      component, [&](const auto& options) { return build(options, network, ranks); });
}

}  // namespace runner
