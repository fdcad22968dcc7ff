#include "registry/optimizers/adam.hpp"

#include "registry/optimizers/fused_adam.hpp"

namespace runner {

std::unique_ptr<Optimizer> build(const Adam& options, std::vector<Parameter> parameters) {
  if (options.decoupled_weight_decay)
    return std::make_unique<FusedAdam<Adam, DecoupledAdam>>(options, std::move(parameters));
  return std::make_unique<FusedAdam<Adam, CoupledAdam>>(options, std::move(parameters));
}

}  // namespace runner
