#include "registry/precisions/bf16_true.hpp"

#include "registry/precisions/precision.hpp"

namespace runner {

std::unique_ptr<Precision> build(const Bf16True&) {
  return std::make_unique<Precision>(Precision{at::ScalarType::BFloat16});
}

}  // namespace runner
