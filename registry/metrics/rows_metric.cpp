#include "registry/metrics/rows_metric.hpp"

#include "registry/parallel/gather_rows.hpp"

#include <ATen/ATen.h>

namespace runner {

RowsMetric::RowsMetric(const MetricShape& shape, std::int64_t columns)
    : Metric(shape.zeros(0)), columns_(columns) {}

void RowsMetric::add_up(const Ranks& ranks) {
  const auto mine = kept_.empty() ? at::zeros({0, columns_}, sums().options()) : at::cat(kept_);
  sums() = gather_rows(ranks, mine);
}

}  // namespace runner
