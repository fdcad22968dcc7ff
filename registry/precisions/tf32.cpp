#include "registry/precisions/tf32.hpp"

#include "registry/precisions/precision.hpp"

namespace runner {

std::unique_ptr<Precision> build(const Tf32&) {
  return std::make_unique<Precision>(Precision{at::ScalarType::Float, std::nullopt, false, true});
}

}  // namespace runner
