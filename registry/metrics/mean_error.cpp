#include "registry/metrics/mean_error.hpp"

#include <ATen/ATen.h>

namespace runner {

void MeanErrorMetric::add(const Judged& judged) {
  sums()[0] += error(judged.output.to(at::kDouble) - judged.targets).sum();
  sums()[1] += judged.targets.numel();
}

Metric::Values MeanErrorMetric::values(const at::Tensor& sums) const {
  return {{name_, (sums[0] / sums[1]).item<double>()}};
}

}  // namespace runner
