#include "registry/metrics/accuracy.hpp"

#include "registry/metrics/metric.hpp"
#include "registry/metrics/shape.hpp"

#include <ATen/ATen.h>

namespace runner {
namespace {

class AccuracyMetric : public Metric {
 public:
  explicit AccuracyMetric(const MetricShape& shape) : Metric(shape.zeros(2)) {}

  void add(const Judged& judged) override {
    sums()[0] += judged.output.argmax(1).eq(judged.targets).sum();
    sums()[1] += judged.targets.size(0);
  }

  Values values(const at::Tensor& sums) const override {
    return {{"accuracy", (sums[0] / sums[1]).item<double>()}};
  }
};

}  // namespace

std::unique_ptr<Metric> build(const Accuracy&, const MetricShape& shape) {
  return std::make_unique<AccuracyMetric>(shape);
}

}  // namespace runner
