#include "registry/precisions/fp32.hpp"

#include "registry/precisions/precision.hpp"

namespace runner {

std::unique_ptr<Precision> build(const Fp32&) { return std::make_unique<Precision>(); }

}  // namespace runner
