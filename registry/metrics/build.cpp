#include "registry/builders.hpp"
#include "registry/metrics/catalog.hpp"

namespace runner {

std::unique_ptr<Metric> build_metric(const Json& component, const MetricShape& shape) {
  return Metrics::visit<std::unique_ptr<Metric>>(
      component, [&](const auto& options) { return build(options, shape); });
}

}  // namespace runner
