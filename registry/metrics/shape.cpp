#include "registry/metrics/shape.hpp"

#include <ATen/ATen.h>

namespace runner {

at::Tensor MetricShape::zeros(std::int64_t count) const {
  return at::zeros({count}, options.dtype(at::kDouble));
}

}  // namespace runner
