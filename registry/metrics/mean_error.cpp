#include "registry/metrics/mean_error.hpp"

#include <ATen/ATen.h>

namespace runner {

void MeanErrorMetric::add(const at::Tensor& output, const at::Tensor& targets) {
  sums()[0] += error(output.to(at::kDouble) - targets).sum();
  sums()[1] += targets.numel();
}

Metric::Values MeanErrorMetric::values(const at::Tensor& sums) const {
  return {{name_, (sums[0] / sums[1]).item<double>()}};
}

}  // namespace runner
