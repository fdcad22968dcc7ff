#include "runner/exchange/metrics.hpp"

#include "experiments/error.hpp"
#include "experiments/nearest.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fnmatch.h>

namespace runner {
namespace {

bool fits(const std::string& pattern, const std::string& name) {
  return fnmatch(pattern.c_str(), name.c_str(), 0) == 0;
}

}  // namespace

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
  std::set<std::string> names;
  for (const auto& run : run_ids)
    for (auto& metric : metrics_of(database, run, {})) names.insert(std::move(metric.name));
  const std::vector<std::string> known(names.begin(), names.end());
  const auto* which =
      run_ids.size() == 1 ? "the run has no metric" : "none of the runs has a metric";
  for (const auto& pattern : patterns) {
    const auto is_meant = [&](const auto& name) { return fits(pattern, name); };
    if (std::ranges::any_of(known, is_meant)) continue;
    throw UserError(known.empty()
                        ? fmt::format("{} yet", which)
                        : fmt::format("{} '{}'; {}", which, pattern, what_instead(pattern, known)));
  }
}

}  // namespace runner
