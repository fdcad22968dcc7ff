#include "registry/precisions/bf16_mixed.hpp"

#include "registry/precisions/fp32_products.hpp"
#include "registry/precisions/precision.hpp"

namespace runner {

std::unique_ptr<Precision> build(const Bf16Mixed&) {
  if (multiplies_fp32_faster()) static const Fp32Products for_good;
  return std::make_unique<Precision>(Precision{at::ScalarType::Float, at::ScalarType::BFloat16});
}

}  // namespace runner
