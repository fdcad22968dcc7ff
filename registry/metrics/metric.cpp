#include "registry/metrics/metric.hpp"

#include "registry/parallel/ranks.hpp"

namespace runner {

void Metric::add_up(const Ranks& ranks) { ranks.sum(sums_); }

}  // namespace runner
