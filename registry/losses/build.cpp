#include "registry/builders.hpp"
#include "registry/losses/catalog.hpp"

namespace runner {

std::unique_ptr<Loss> build_loss(const Json& component, const DataShape& shape) {
  return Losses::visit<std::unique_ptr<Loss>>(
      component, [&](const auto& options) { return build(options, shape); });
}

}  // namespace runner
