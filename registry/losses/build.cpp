#include "registry/builders.hpp"
#include "registry/losses/catalog.hpp"

namespace runner {

std::unique_ptr<Loss> build_loss(const Json& component, const JudgedType& judged) {
  return Losses::visit<std::unique_ptr<Loss>>(
      component, [&](const auto& options) { return build(options, judged); });
}

}  // namespace runner
