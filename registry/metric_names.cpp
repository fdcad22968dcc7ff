#include "registry/metric_names.hpp"

#include "registry/metrics/catalog.hpp"

namespace runner {

std::vector<std::string> names_of_metric(const Json& component) {
  return Metrics::visit<std::vector<std::string>>(
      component, [](const auto& options) { return options.names(); });
}

}  // namespace runner
