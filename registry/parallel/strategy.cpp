#include "registry/parallel/strategy.hpp"

namespace runner {

Strategy::Strategy(const Network& network) {
  for (const auto& parameter : network.named_parameters())
    if (parameter.value().requires_grad())
      parameters_.push_back({parameter.key(), parameter.value()});
}

}  // namespace runner
