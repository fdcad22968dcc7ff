#include "registry/metrics/median_absolute_error.hpp"

#include "registry/metrics/rows_metric.hpp"

#include <cmath>

#include <ATen/ATen.h>

namespace runner {
namespace {

class MedianAbsoluteErrorMetric : public RowsMetric {
 public:
  using RowsMetric::RowsMetric;

 private:
  at::Tensor rows_of(const Judged& judged) const override {
    return (judged.output.to(at::kDouble) - judged.targets).abs();
  }

  Values values_of(const at::Tensor& rows) const override {
    if (rows.size(0) == 0) return {{"median_absolute_error", std::nan("")}};
    return {{"median_absolute_error", rows.quantile(0.5, 0).mean().item<double>()}};
  }
};

}  // namespace

std::unique_ptr<Metric> build(const MedianAbsoluteError&, const MetricShape& shape) {
  return std::make_unique<MedianAbsoluteErrorMetric>(shape, shape.outputs);
}

}  // namespace runner
