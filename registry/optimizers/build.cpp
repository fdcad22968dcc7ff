#include "registry/builders.hpp"
#include "registry/optimizers/catalog.hpp"

namespace runner {

std::unique_ptr<Optimizer> build_optimizer(const Json& component,
                                           std::vector<Parameter> parameters) {
  return Optimizers::visit<std::unique_ptr<Optimizer>>(
      component, [&](const auto& options) { return build(options, std::move(parameters)); });
}

}  // namespace runner
