#include "runner/answers/same_point.hpp"

#include "registry/description.hpp"
#include "runner/search/prune.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace runner {
namespace {

bool is_cut_short(const Trial& trial) {
  return trial.status == TrialStatus::pruned || trial.status == TrialStatus::paused;
}

/// What the sweep counts training in: batches of several sizes make steps of several lengths.
const char* unit_of(const Sweep& sweep) {
  const auto settings = Json::parse(sweep.settings);
  const auto prune = settings.find("prune");
  if (prune == settings.end()) return "epoch";
  return from_json<Prune>(*prune).first.unit == Unit::steps ? "step" : "epoch";
}

/// How far each trial came, and what it came to at some point.
class TrialCurves {
 public:
  TrialCurves(const Database& database, const std::string& metric, const char* unit)
      : metric_(metric),
        last_(database.prepare(
            fmt::format("SELECT p.{} FROM series s JOIN points p ON p.series_id = s.id"
                        " WHERE s.run_id = ? AND s.name = ? ORDER BY p.step DESC LIMIT 1",
                        unit))),
        value_(database.prepare(fmt::format(
            "SELECT p.value FROM series s JOIN points p ON p.series_id = s.id"
            " WHERE s.run_id = ? AND s.name = ? AND p.{} <= ? ORDER BY p.step DESC LIMIT 1",
            unit))) {}

  std::optional<double> last_point(const Trial& trial) {
    return only(last_.with(trial.run_id, metric_));
  }
  std::optional<double> value_at(const Trial& trial, double point) {
    return only(value_.with(trial.run_id, metric_, point));
  }

 private:
  static std::optional<double> only(Statement& select) {
    std::optional<double> found;
    while (select.step()) found = select.real(0);
    return found;
  }

  std::string metric_;
  Statement last_, value_;
};

std::optional<double> furthest_of_all(TrialCurves& curves, std::span<const Trial> trials) {
  std::optional<double> furthest;
  for (const auto& trial : trials) {
    if (!is_cut_short(trial)) continue;
    const auto last = curves.last_point(trial);
    if (last && (!furthest || *last < *furthest)) furthest = last;
  }
  return furthest;
}

}  // namespace

std::string SamePoint::text() const {
  std::string parts = fmt::format("{} pruned", pruned);
  if (paused > 0) parts += fmt::format(", {} paused", paused);
  return fmt::format("{}, the last that all {} trials reached ({})", at,
                     std::ranges::count_if(table, &SweepTrial::has_value), parts);
}

std::optional<SamePoint> same_point(const Database& database, const Sweep& sweep,
                                    const std::string& metric, std::span<const Trial> trials,
                                    std::span<const SweepTrial> table) {
  if (std::ranges::none_of(trials, is_cut_short)) return std::nullopt;
  const auto* unit = unit_of(sweep);
  TrialCurves curves(database, metric, unit);
  const auto point = furthest_of_all(curves, trials);
  if (!point) return std::nullopt;
  SamePoint out{fmt::format("{} {:g}", unit, *point), {table.begin(), table.end()}};
  for (std::size_t i = 0; i < trials.size(); ++i) {
    out.pruned += trials[i].status == TrialStatus::pruned;
    out.paused += trials[i].status == TrialStatus::paused;
    if (trials[i].status == TrialStatus::done || is_cut_short(trials[i]))
      out.table[i].value = curves.value_at(trials[i], *point);
  }
  return out;
}

}  // namespace runner
