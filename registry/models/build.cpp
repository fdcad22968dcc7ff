#include "registry/builders.hpp"
#include "registry/layers/random_layer.hpp"
#include "registry/models/catalog.hpp"
#include "registry/models/network.hpp"

namespace runner {

std::shared_ptr<Network> build_model(const Json& component, const SampleType& type) {
  auto network = Models::visit<std::shared_ptr<Network>>(
      component, [&](const auto& options) { return build(options, type); });
  set_paths(*network);
  return network;
}

}  // namespace runner
