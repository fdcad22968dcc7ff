#include "runner/exchange/metrics.hpp"

#include "experiments/metric_patterns.hpp"

#include <algorithm>

namespace runner {

std::vector<MetricSeries> metrics_of(const Database& database, std::string_view run_id,
                                     const std::vector<std::string>& patterns) {
  auto row =
      database.prepare("SELECT id, name FROM series WHERE run_id = ? AND count > 0 ORDER BY name");
  row.with(run_id);
  std::vector<MetricSeries> found;
  while (row.step()) {
    auto name = row.text(1);
    const auto is_wanted = [&](const auto& pattern) { return fits(pattern, name); };
    if (patterns.empty() || std::ranges::any_of(patterns, is_wanted))
      found.push_back({row.integer(0), std::move(name)});
  }
  return found;
}

void refuse_unknown_metrics(const Database& database, const std::vector<std::string>& run_ids,
                            const std::vector<std::string>& patterns) {
  metrics_meant(patterns, metrics_of(database, run_ids), run_ids.size());
}

}  // namespace runner
