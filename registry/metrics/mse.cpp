#include "registry/metrics/mse.hpp"

#include "registry/metrics/mean_error.hpp"

#include <ATen/ATen.h>

namespace runner {
namespace {

struct MeanSquaredErrorMetric : MeanErrorMetric {
  explicit MeanSquaredErrorMetric(const MetricShape& shape) : MeanErrorMetric(shape, "mse") {}

  at::Tensor error(const at::Tensor& difference) const override { return difference.square(); }
};

}  // namespace

std::unique_ptr<Metric> build(const MeanSquaredError&, const MetricShape& shape) {
  return std::make_unique<MeanSquaredErrorMetric>(shape);
}

}  // namespace runner
