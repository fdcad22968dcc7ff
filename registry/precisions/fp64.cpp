#include "registry/precisions/fp64.hpp"

#include "registry/precisions/precision.hpp"

namespace runner {

std::unique_ptr<Precision> build(const Fp64&) {
  return std::make_unique<Precision>(Precision{at::ScalarType::Double});
}

}  // namespace runner
