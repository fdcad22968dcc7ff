#include "registry/precisions/bf16_mixed.hpp"

#include "registry/precisions/precision.hpp"

namespace runner {

std::unique_ptr<Precision> build(const Bf16Mixed&) {
  return std::make_unique<Precision>(Precision{at::ScalarType::Float, at::ScalarType::BFloat16});
}

}  // namespace runner
