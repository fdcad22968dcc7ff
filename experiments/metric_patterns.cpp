#include "experiments/metric_patterns.hpp"

#include "experiments/error.hpp"
#include "experiments/nearest.hpp"
#include "experiments/quoting.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fnmatch.h>

namespace runner {

std::vector<std::string> metrics_of(const Database& database,
                                    const std::vector<std::string>& runs) {
  std::set<std::string> names;
  auto row = database.prepare("SELECT name FROM series WHERE run_id = ? AND count > 0");
  for (const auto& run : runs) {
    row.with(run);
    while (row.step()) names.insert(row.text(0));
  }
  return {names.begin(), names.end()};
}

bool fits(const std::string& pattern, const std::string& metric) {
  return pattern == metric || (is_quoted(pattern) && unquoted(pattern) == metric) ||
         fnmatch(pattern.c_str(), metric.c_str(), 0) == 0;
}

std::vector<std::string> metrics_meant(const std::vector<std::string>& patterns,
                                       const std::vector<std::string>& known, std::size_t runs) {
  const auto* none = runs == 1 ? "the run has no metric" : "none of the runs has a metric";
  if (known.empty() && !patterns.empty()) throw UserError(fmt::format("{} yet", none));
  std::vector<std::string> meant;
  for (const auto& pattern : patterns) {
    bool found = false;
    for (const auto& metric : known) {
      if (!fits(pattern, metric)) continue;
      found = true;
      if (std::ranges::find(meant, metric) == meant.end()) meant.push_back(metric);
    }
    if (!found)
      throw UserError(fmt::format("{} '{}'; {}", none, pattern, what_instead(pattern, known)));
  }
  return meant;
}

}  // namespace runner
