#include "runner/terminal/sweep_page.hpp"

#include "runner/answers/cells.hpp"
#include "runner/answers/importance.hpp"
#include "runner/terminal/moment.hpp"
#include "runner/terminal/number.hpp"
#include "runner/terminal/parameters_text.hpp"
#include "runner/terminal/table.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace runner {
namespace {

std::string number(const std::optional<double>& value) {
  return value ? fmt::format("{:.5g}", *value) : "";
}

std::string counts(const SweepAnswers& answers) {
  std::map<TrialStatus, std::int64_t> count;
  for (const auto& trial : answers.trials) ++count[trial.status];
  std::vector<std::string> parts;
  for (const auto& [status, n] : count)
    parts.push_back(fmt::format("{} {}", with_commas(n), to_text(status)));
  return parts.empty() ? "" : fmt::format(": {}", fmt::join(parts, ", "));
}

std::string head(const SweepAnswers& answers) {
  const auto& sweep = answers.sweep;
  return fmt::format(
      "sweep      {} ({})\nstarted    {}\ncommand    {}\nmetric     {}, {} is better\n"
      "trials     {} of {}{}\n\n",
      sweep.id, sweep.name, date_and_time(sweep.started), sweep.command, answers.metric,
      answers.goal == Goal::greater ? "more" : "less", with_commas(std::ssize(answers.trials)),
      with_commas(std::max<std::int64_t>(sweep.wanted, std::ssize(answers.trials))),
      counts(answers));
}

std::vector<std::string> paths_of(const std::vector<CellSummary>& cells) {
  std::vector<std::string> paths;
  for (const auto& cell : cells)
    for (const auto& [path, value] : cell.parameters)
      if (std::find(paths.begin(), paths.end(), path) == paths.end()) paths.push_back(path);
  return paths;
}

std::string trial_numbers(const CellSummary& cell) {
  constexpr std::size_t few = 4;
  if (cell.trials.size() <= few) return fmt::format("{}", fmt::join(cell.trials, " "));
  return fmt::format("{} {} ... {}", cell.trials[0], cell.trials[1], cell.trials.back());
}

std::string cells_table(const SweepAnswers& answers, int width, std::size_t most) {
  const auto cells = summarise(answers.table, answers.goal);
  if (cells.empty()) return "it has no trials yet\n";
  const auto paths = paths_of(cells);
  const bool seeds = std::any_of(cells.begin(), cells.end(), [](const auto& c) { return c.n > 1; });
  Table table;
  table.add_column("", Table::Align::right);
  for (const auto& path : paths) table.add_column(path);
  table.add_column(answers.metric, Table::Align::right);
  if (seeds)
    for (const auto* title : {"± sd", "95 % of the mean", "n"})
      table.add_column(title, Table::Align::right);
  table.add_column(seeds ? "trials" : "trial");
  const auto shown_cells = most == 0 ? cells.size() : std::min(most, cells.size());
  for (std::size_t i = 0; i < shown_cells; ++i) {
    const auto& cell = cells[i];
    auto& row = table.add_row();
    row.push_back(cell.mean ? std::to_string(i + 1) : "");
    for (const auto& path : paths) {
      const auto* value = find_parameter(cell.parameters, path);
      row.push_back(value ? value_text(*value) : "");
    }
    row.push_back(cell.mean ? number(cell.mean) : cell.failed > 0 ? "failed" : cell.status);
    if (seeds) {
      row.push_back(number(cell.standard_deviation));
      row.push_back(cell.interval
                        ? fmt::format("{:.5g} to {:.5g}", cell.interval->low, cell.interval->high)
                        : "");
      row.push_back(std::to_string(cell.n));
    }
    row.push_back(trial_numbers(cell));
  }
  auto text = table.text(width);
  if (shown_cells < cells.size())
    text += fmt::format("... and {} more (--limit 0 shows all)\n", cells.size() - shown_cells);
  return text;
}

std::string importance_table(const SweepAnswers& answers) {
  const auto found = importance(answers.comparable());
  if (!found) return "";
  Table table;
  table.add_column("share of the variance");
  table.add_column("", Table::Align::right);
  const auto add = [&](const std::string& name, double share) {
    table.add_row() = {name, fmt::format("{:.1f} %", 100 * share)};
  };
  for (const auto& each : found->shares) add(each.name(), each.share);
  if (found->noise > 0) add("(chance: the seed)", found->noise);
  add("(several together)", found->rest());
  const auto at = answers.same_point ? "at " + answers.same_point->text() + "\n" : "";
  return "\n" + table.text() + at;
}

std::string failures(const SweepAnswers& answers) {
  std::string text;
  for (const auto& trial : answers.trials)
    if (trial.status == TrialStatus::failed)
      text += fmt::format("trial {} failed ({}): {}\n", trial.number, trial.failure, trial.reason);
  return text.empty() ? "" : "\n" + text;
}

Json trial_json(const SweepAnswers& answers, std::size_t i) {
  const auto& trial = answers.trials[i];
  const auto& row = answers.table[i];
  const auto& compared = answers.comparable()[i].value;
  return {{"number", trial.number},
          {"status", to_text(trial.status)},
          {"parameters", Json::parse(trial.parameters)},
          {"value", row.value ? Json(*row.value) : Json()},
          {"pruned_value", row.pruned_value ? Json(*row.pruned_value) : Json()},
          {"compared", compared ? Json(*compared) : Json()},
          {"run", trial.run_id},
          {"rung", trial.rung},
          {"attempts", trial.attempts},
          {"failure", trial.failure},
          {"reason", trial.reason},
          {"seconds", row.seconds}};
}

Json cell_json(const CellSummary& cell) {
  auto parameters = Json::object();
  for (const auto& [path, value] : cell.parameters) parameters[path] = value;
  return {{"parameters", std::move(parameters)},
          {"trials", cell.trials},
          {"n", cell.n},
          {"failed", cell.failed},
          {"status", cell.status},
          {"mean", cell.mean ? Json(*cell.mean) : Json()},
          {"sd", cell.standard_deviation ? Json(*cell.standard_deviation) : Json()},
          {"interval", cell.interval ? Json{cell.interval->low, cell.interval->high} : Json()}};
}

}  // namespace

std::string sweep_page(const SweepAnswers& answers, int width, std::size_t most) {
  return head(answers) + cells_table(answers, width, most) + importance_table(answers) +
         failures(answers);
}

Json sweep_json(const SweepAnswers& answers) {
  auto cells = Json::array(), trials = Json::array();
  for (const auto& cell : summarise(answers.table, answers.goal)) cells.push_back(cell_json(cell));
  for (std::size_t i = 0; i < answers.trials.size(); ++i) trials.push_back(trial_json(answers, i));
  auto shares = Json::object();
  Json noise;
  if (const auto found = importance(answers.comparable())) {
    for (const auto& each : found->shares) shares[each.name()] = each.share;
    noise = found->noise;
  }
  const auto& sweep = answers.sweep;
  const auto& point = answers.same_point;
  return {{"id", sweep.id},
          {"name", sweep.name},
          {"started", iso_time(sweep.started)},
          {"recipe_path", sweep.recipe_path},
          {"command", sweep.command},
          {"metric", answers.metric},
          {"mode", mode_of(answers.goal)},
          {"settings", Json::parse(sweep.settings)},
          {"wanted", sweep.wanted},
          {"compared_at", point ? Json(point->text()) : Json()},
          {"cells", std::move(cells)},
          {"importance", {{"shares", std::move(shares)}, {"noise", std::move(noise)}}},
          {"trials", std::move(trials)}};
}

}  // namespace runner
