#include "registry/builders.hpp"
#include "registry/models/catalog.hpp"

namespace runner {

std::shared_ptr<Network> build_model(const Json& component, const SampleType& type) {
  return Models::visit<std::shared_ptr<Network>>(
      component, [&](const auto& options) { return build(options, type); });
}

}  // namespace runner
