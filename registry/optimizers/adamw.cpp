#include "registry/optimizers/adamw.hpp"

#include "registry/optimizers/fused_adam.hpp"

namespace runner {

std::unique_ptr<Optimizer> build(const AdamW& options, std::vector<Parameter> parameters) {
  return std::make_unique<FusedAdam<AdamW, DecoupledAdam>>(options, std::move(parameters));
}

}  // namespace runner
