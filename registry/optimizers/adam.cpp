#include "registry/optimizers/adam.hpp"

#include "registry/optimizers/fused_adam.hpp"

namespace runner {

std::unique_ptr<Optimizer> build(const Adam& options, std::vector<Parameter> parameters) {
  constexpr FusedAdamKernel coupled = at::_fused_adam_, decoupled = at::_fused_adamw_;
  if (options.decoupled_weight_decay)
    return std::make_unique<FusedAdam<Adam, decoupled>>(options, std::move(parameters));
  return std::make_unique<FusedAdam<Adam, coupled>>(options, std::move(parameters));
}

}  // namespace runner
