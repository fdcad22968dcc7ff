#pragma once

#include "experiments/points.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace runner {

/// A metric of a run as the store holds it.
struct MetricSeries {
  std::int64_t id;
  std::string name;
};

/// The metrics of a run whose names fit one of the patterns, such as `eval/*`; all without any.
std::vector<MetricSeries> metrics_of(const Database& database, std::string_view run_id,
                                     const std::vector<std::string>& patterns);

/// Throws UserError for a pattern that no metric of the runs fits, with the nearest name.
void refuse_unknown_metrics(const Database& database, const std::vector<std::string>& run_ids,
                            const std::vector<std::string>& patterns);

}  // namespace runner
