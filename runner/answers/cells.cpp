#include "runner/answers/cells.hpp"

#include "experiments/json.hpp"

#include <algorithm>
#include <limits>
#include <map>

namespace runner {
namespace {

Parameters without_seed(Parameters parameters) {
  std::erase_if(parameters, [](const auto& parameter) { return parameter.first == "seed"; });
  return parameters;
}

/// Equal for equal parameters, in whatever order.
std::string key_of(const Parameters& parameters) {
  std::map<std::string, Json> sorted(parameters.begin(), parameters.end());
  return dumped(sorted);
}

CellSummary summary_of(const SweepCell& cell) {
  CellSummary out;
  out.parameters = cell.parameters;
  for (const auto* trial : cell.trials) {
    out.trials.push_back(trial->number);
    if (trial->has_failed()) ++out.failed;
  }
  const auto& status = cell.trials.front()->status;
  const bool alike = std::ranges::all_of(
      cell.trials, [&](const SweepTrial* trial) { return trial->status == status; });
  out.status = alike ? status : "";
  const auto values = cell.values();
  out.n = static_cast<std::int64_t>(values.size());
  if (!values.empty()) out.mean = mean(values);
  out.standard_deviation = standard_deviation(values);
  out.interval = confidence_interval(values);
  return out;
}

}  // namespace

std::vector<double> SweepCell::values() const {
  std::vector<double> out;
  for (const auto* trial : trials)
    if (trial->has_value()) out.push_back(*trial->value);
  return out;
}

std::vector<SweepCell> cells_of(std::span<const SweepTrial> trials) {
  std::vector<SweepCell> cells;
  std::map<std::string, std::size_t> places;
  for (const auto& trial : trials) {
    auto parameters = without_seed(trial.parameters);
    const auto [place, is_new] = places.try_emplace(key_of(parameters), cells.size());
    if (is_new) cells.push_back({std::move(parameters), {}});
    cells[place->second].trials.push_back(&trial);
  }
  return cells;
}

std::vector<CellSummary> summarise(std::span<const SweepTrial> trials, Goal goal) {
  std::vector<CellSummary> out;
  for (const auto& cell : cells_of(trials)) out.push_back(summary_of(cell));
  constexpr auto none = std::numeric_limits<double>::quiet_NaN();
  std::ranges::stable_sort(out, [&](const auto& a, const auto& b) {
    return is_better(goal, a.mean.value_or(none), b.mean.value_or(none));
  });
  return out;
}

}  // namespace runner
