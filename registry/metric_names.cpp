#include "registry/metric_names.hpp"

#include "registry/metrics/catalog.hpp"

namespace runner {

std::vector<std::string> names_of_metric(const Json& component) {
  return Metrics::visit<std::vector<std::string>>(component,
                                                  []<class Options>(const Options& options) {
                                                    if constexpr (requires { options.names(); })
                                                      return options.names();
                                                    std::vector<std::string> names;
                                                    for (const auto& measure : Options::measures)
                                                      names.emplace_back(measure.name);
                                                    return names;
                                                  });
}

}  // namespace runner
