#include "runner/answers/answers.hpp"

#include "experiments/error.hpp"
#include "experiments/metric_patterns.hpp"
#include "experiments/nearest.hpp"

#include <fmt/format.h>

namespace runner {
namespace {

std::vector<std::string> metrics_of_sweep(const Database& database, const std::string& sweep) {
  auto select = database.prepare(
      "SELECT DISTINCT s.name FROM series s JOIN trials t ON t.run_id = s.run_id"
      " WHERE t.sweep_id = ? ORDER BY s.name");
  select.with(sweep);
  std::vector<std::string> names;
  while (select.step()) names.push_back(select.text(0));
  return names;
}

SweepTrial to_table(const Trial& trial) {
  SweepTrial row;
  row.number = trial.number;
  row.status = to_text(trial.status);
  row.is_drawn = !trial.point.empty();
  const auto parameters = Json::parse(trial.parameters);
  for (const auto& [path, value] : parameters.items()) row.parameters.emplace_back(path, value);
  return row;
}

/// The metric's last value and the duration of each trial's run.
void add_results(const Database& database, SweepAnswers& answers) {
  auto runs = database.prepare(
      "SELECT t.number, s.last_value, (r.ended - r.started - r.idle) / 1000.0, s.count FROM trials "
      "t"
      " JOIN runs r ON r.id = t.run_id"
      " LEFT JOIN series s ON s.run_id = r.id AND s.name = ?2 WHERE t.sweep_id = ?1");
  runs.with(answers.sweep.id, answers.metric);
  while (runs.step()) {
    auto& row = answers.table.at(static_cast<std::size_t>(runs.integer(0) - 1));
    const bool has_points = !runs.is_null(3) && runs.integer(3) > 0;
    if (has_points && row.status == "done") row.value = runs.real(1);
    if (has_points && row.status == "pruned") row.pruned_value = runs.real(1);
    if (!runs.is_null(2)) row.seconds = runs.real(2);
  }
}

}  // namespace

Goal chosen_goal(const std::string& metric, const std::optional<std::string>& mode) {
  if (const auto why = why_wrong_mode(metric, mode); !why.empty())
    throw UserError("--mode is " + why);
  return goal_of(metric, mode);
}

SweepAnswers read_answers(const Database& database, const std::string& sweep,
                          const std::optional<std::string>& metric,
                          const std::optional<std::string>& mode) {
  SweepAnswers answers;
  answers.sweep = find_sweep(database, sweep);
  answers.metric = metric.value_or(answers.sweep.metric);
  const bool other = answers.metric != answers.sweep.metric;
  const auto known = metrics_of_sweep(database, answers.sweep.id);
  if (other && std::find(known.begin(), known.end(), answers.metric) == known.end())
    throw UserError(fmt::format("no trial of sweep {} has a metric '{}'; {}", answers.sweep.id,
                                answers.metric, what_instead(answers.metric, known)));
  answers.goal = mode || other ? chosen_goal(answers.metric, mode)
                               : goal_of(answers.metric, answers.sweep.mode);
  answers.trials = Trials(database, answers.sweep.id).all();
  for (const auto& trial : answers.trials) answers.table.push_back(to_table(trial));
  add_results(database, answers);
  answers.same_point =
      same_point(database, answers.sweep, answers.metric, answers.trials, answers.table);
  return answers;
}

std::vector<double> values_of(const Database& database, const Subject& of,
                              const std::string& metric) {
  auto select = database.prepare(
      of.is_sweep ? "SELECT s.last_value FROM series s JOIN trials t ON t.run_id = s.run_id"
                    " WHERE t.sweep_id = ?1 AND t.status = 'done' AND s.name = ?2 AND s.count > 0"
                    " ORDER BY t.number"
                  : "SELECT last_value FROM series WHERE run_id = ?1 AND name = ?2 AND count > 0");
  select.with(of.id, metric);
  std::vector<double> values;
  while (select.step()) values.push_back(select.real(0));
  if (!values.empty()) return values;
  const auto known =
      of.is_sweep ? metrics_of_sweep(database, of.id) : metrics_of(database, {of.id});
  if (known.empty()) throw UserError(fmt::format("{} has no metrics yet", of.text()));
  throw UserError(
      fmt::format("{} has no metric '{}'; {}", of.text(), metric, what_instead(metric, known)));
}

}  // namespace runner
