#include "registry/metrics/pairs.hpp"

#include <ATen/ATen.h>

namespace runner {

PairsMetric::PairsMetric(const MetricShape& shape)
    : Metric(shape.zeros(shape.outputs * shape.outputs)), classes_(shape.outputs) {}

void PairsMetric::add(const Judged& judged) {
  const auto pairs = judged.targets * classes_ + judged.output.argmax(1);
  sums() += at::bincount(pairs, {}, classes_ * classes_);
}

}  // namespace runner
