#include "registry/precisions/fp16_mixed.hpp"

#include "registry/precisions/precision.hpp"

namespace runner {

std::unique_ptr<Precision> build(const Fp16Mixed&) {
  return std::make_unique<Precision>(Precision{at::ScalarType::Float, at::ScalarType::Half, true});
}

}  // namespace runner
