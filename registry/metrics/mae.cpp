#include "registry/metrics/mae.hpp"

#include "registry/metrics/mean_error.hpp"

#include <ATen/ATen.h>

namespace runner {
namespace {

struct MeanAbsoluteErrorMetric : MeanErrorMetric {
  explicit MeanAbsoluteErrorMetric(const MetricShape& shape) : MeanErrorMetric(shape, "mae") {}

  at::Tensor error(const at::Tensor& difference) const override { return difference.abs(); }
};

}  // namespace

std::unique_ptr<Metric> build(const MeanAbsoluteError&, const MetricShape& shape) {
  return std::make_unique<MeanAbsoluteErrorMetric>(shape);
}

}  // namespace runner
