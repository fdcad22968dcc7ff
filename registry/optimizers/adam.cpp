#include "registry/optimizers/adam.hpp"

#include "registry/optimizers/fused_adam.hpp"

namespace runner {

std::unique_ptr<Optimizer> build(const Adam& options, std::vector<Parameter> parameters) {
  constexpr FusedAdamKernel kernel = at::_fused_adam_;
  return std::make_unique<FusedAdam<Adam, kernel>>(options, std::move(parameters));
}

}  // namespace runner
