#pragma once

#include "registry/metrics/metric.hpp"
#include "registry/metrics/shape.hpp"

namespace runner {

/// A metric of how often each class was found where each was true.
class PairsMetric : public Metric {
 public:
  explicit PairsMetric(const MetricShape& shape);

  void add(const Judged& judged) final;

 protected:
  std::int64_t classes() const { return classes_; }
  /// [true, found], float64.
  at::Tensor pairs(const at::Tensor& sums) const { return sums.view({classes_, classes_}); }

 private:
  std::int64_t classes_;
};

}  // namespace runner
