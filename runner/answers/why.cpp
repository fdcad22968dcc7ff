#include "runner/answers/why.hpp"

#include "experiments/error.hpp"
#include "runner/answers/statistics.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace runner {
namespace {

std::optional<double> last_of(const RunDetails& run, const std::string& metric) {
  const auto found = std::ranges::find(run.metrics, metric, &Summary::metric);
  return found == run.metrics.end() ? std::nullopt : std::optional(found->last);
}

bool have(const Comparison& runs, const std::string& metric) {
  return last_of(runs.runs[0], metric) && last_of(runs.runs[1], metric);
}

std::string usual_metric(const Comparison& runs) {
  for (const auto* metric : {"eval/accuracy", "eval/loss", "train/loss"})
    if (have(runs, metric)) return metric;
  return "";
}

std::optional<Chance> chance_of(const Database& database, const RunDetails& run,
                                const std::string& metric) {
  auto values = values_with_other_seeds(database, run.id, metric);
  if (values.size() < 2) return std::nullopt;
  values.push_back(last_of(run, metric).value());
  return Chance{values.size(), mean(values), standard_deviation(values).value()};
}

}  // namespace

std::vector<ComparedRow> Explanation::settings() const {
  std::vector<ComparedRow> rows;
  std::ranges::copy_if(runs.config, std::back_inserter(rows), [](const ComparedRow& row) {
    return row.differs() && row.name != "seed" && row.name != "name";
  });
  return rows;
}

bool Explanation::same_seed() const {
  return std::ranges::none_of(
      runs.config, [](const ComparedRow& row) { return row.name == "seed" && row.differs(); });
}

bool Explanation::may_be_chance() const {
  // The difference of two has a deviation that is larger by the root of two.
  return chance && a && b && std::abs(*b - *a) < 2.5 * std::sqrt(2.0) * chance->deviation;
}

Explanation explain(const Database& database, const std::string& a, const std::string& b,
                    const std::string& metric) {
  Explanation all{compare_runs(database, {a, b}), metric, {}, {}, {}, {}, {}};
  if (metric.empty()) all.metric = usual_metric(all.runs);
  if (!metric.empty() && !have(all.runs, metric))
    throw UserError(fmt::format("{} and {} have not both recorded {}", a, b, metric));
  if (all.metric.empty()) return all;
  all.a = last_of(all.runs.runs[0], all.metric);
  all.b = last_of(all.runs.runs[1], all.metric);
  all.followed = have(all.runs, "train/loss") ? "train/loss" : all.metric;
  all.parting = find_parting(database, a, b, all.followed);
  all.chance = chance_of(database, all.runs.runs[0], all.metric);
  return all;
}

}  // namespace runner
