#pragma once

#include "registry/metrics/metric.hpp"
#include "registry/metrics/shape.hpp"

#include <vector>

namespace runner {

/// A metric that no sums can give, as a median or a ranking: a few numbers of each sample are kept,
/// and gathered over ranks, in the order of the samples.
class RowsMetric : public Metric {
 public:
  /// So many numbers of each.
  RowsMetric(const MetricShape& shape, std::int64_t columns);

  void add(const Judged& judged) final { kept_.push_back(rows_of(judged)); }
  void add_up(const Ranks& ranks) final;
  void reset() final { kept_.clear(); }
  /// Of the gathered rows.
  Values values(const at::Tensor& sums) const final { return values_of(sums); }

 private:
  /// Float64 [M, columns], on the device.
  virtual at::Tensor rows_of(const Judged& judged) const = 0;
  /// Of the rows of all samples, on the CPU.
  virtual Values values_of(const at::Tensor& rows) const = 0;

  std::int64_t columns_;
  std::vector<at::Tensor> kept_;
};

}  // namespace runner
