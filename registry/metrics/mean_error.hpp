#pragma once

#include "registry/metrics/metric.hpp"
#include "registry/metrics/shape.hpp"

namespace runner {

/// The mean of something over the numbers of all samples.
class MeanErrorMetric : public Metric {
 public:
  MeanErrorMetric(const MetricShape& shape, std::string name)
      : Metric(shape.zeros(2)), name_(std::move(name)) {}

  void add(const Judged& judged) final;
  Values values(const at::Tensor& sums) const final;

 private:
  /// Of the difference of output and target, float64, one by one.
  virtual at::Tensor error(const at::Tensor& difference) const = 0;

  std::string name_;
};

}  // namespace runner
