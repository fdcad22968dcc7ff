#include "registry/builders.hpp"
#include "registry/precisions/catalog.hpp"

namespace runner {

std::unique_ptr<Precision> build_precision(const Json& component) {
  return Precisions::visit<std::unique_ptr<Precision>>(
      component, [](const auto& options) { return build(options); });
}

}  // namespace runner
