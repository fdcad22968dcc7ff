#include "registry/builders.hpp"
#include "registry/parallel/alone.hpp"
#include "registry/topologies/catalog.hpp"

namespace runner {
namespace {

std::unique_ptr<Strategy> build(const Single&, Network& network, const Mesh&) {
  return train_alone(network);
}

std::unique_ptr<Strategy> build(const Auto&, Network& network, const Mesh& mesh) {
  return build(Ddp{}, network, mesh);
}

}  // namespace

std::unique_ptr<Strategy> build_strategy(const Json& component, Network& network,
                                         const Mesh& mesh) {
  if (mesh.data().alone()) return train_alone(network);
  return Topologies::visit<std::unique_ptr<Strategy>>(
      component, [&](const auto& options) { return build(options, network, mesh); });
}

}  // namespace runner
