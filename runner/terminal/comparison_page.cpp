#include "runner/terminal/comparison_page.hpp"

#include "experiments/json.hpp"
#include "registry/counted.hpp"
#include "runner/terminal/cell.hpp"
#include "runner/terminal/moment.hpp"
#include "runner/terminal/table.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace runner {
namespace {

using Json = nlohmann::ordered_json;
using Rows = std::vector<ComparedRow>;

Table table_of_runs(const Comparison& comparison, std::string title) {
  Table table;
  table.add_column(std::move(title));
  for (const auto& run : comparison.runs) table.add_column(run.id);
  return table;
}

std::string heads(const Comparison& comparison, int width) {
  auto table = table_of_runs(comparison, "run");
  const auto line = [&](const char* title, auto text_of) {
    auto& row = table.add_row();
    row.push_back(title);
    for (const auto& run : comparison.runs) row.push_back(text_of(run));
  };
  line("name", [](const RunDetails& run) { return run.run.name; });
  line("status", [](const RunDetails& run) { return run.status; });
  line("started", [](const RunDetails& run) { return date_and_time(run.started); });
  line("duration", [](const RunDetails& run) {
    const auto seconds = duration(run);
    return seconds ? how_long(*seconds) : "";
  });
  return table.text(width);
}

/// Empty where nothing differs, unless all is asked for.
std::string section(const Comparison& comparison, const char* title, const Rows& rows, bool all,
                    int width) {
  const auto differing = std::ranges::count_if(rows, &ComparedRow::differs);
  if (rows.empty() || (differing == 0 && !all)) return "";
  auto table = table_of_runs(comparison, title);
  for (const auto& row : rows) {
    if (!all && !row.differs()) continue;
    auto& cells = table.add_row();
    cells.push_back(row.name);
    for (const auto& value : row.values) cells.push_back(short_text(value));
  }
  const auto left = all ? 0 : std::ssize(rows) - differing;
  return fmt::format("\n{}{}", table.text(width),
                     left > 0 ? fmt::format("{} more are the same\n", left) : "");
}

std::string sections(const Comparison& comparison, bool all, int width) {
  const std::pair<const char*, const Rows&> parts[] = {{"config", comparison.config},
                                                       {"code", comparison.code},
                                                       {"data", comparison.data},
                                                       {"surroundings", comparison.surrounding}};
  std::string text;
  std::vector<std::string> same;
  for (const auto& [title, rows] : parts) {
    const auto part = section(comparison, title, rows, all, width);
    if (part.empty()) same.emplace_back(title);
    text += part;
  }
  if (!same.empty()) text += fmt::format("\nThe same: {}.\n", fmt::join(same, ", "));
  return text;
}

double number_at(const Json& summary, const char* which) {
  return summary.is_object() && summary.at(which).is_number() ? summary.at(which).get<double>()
                                                              : std::nan("");
}

std::string metric_cell(const Json& summary) {
  if (!summary.is_object()) return "";
  return fmt::format("{} ({} to {})", cell(number_at(summary, "last")),
                     cell(number_at(summary, "min")), cell(number_at(summary, "max")));
}

std::string metrics(const Comparison& comparison, int width) {
  if (comparison.metrics.empty()) return "";
  auto table = table_of_runs(comparison, "metric: last (min to max)");
  const bool two = comparison.runs.size() == 2;
  if (two) table.add_column("difference", Table::Align::right);
  for (const auto& row : comparison.metrics) {
    auto& cells = table.add_row();
    cells.push_back(row.name);
    for (const auto& value : row.values) cells.push_back(metric_cell(value));
    if (!two) continue;
    const auto difference = number_at(row.values[1], "last") - number_at(row.values[0], "last");
    cells.push_back(std::isnan(difference) ? "" : fmt::format("{:+.5g}", difference));
  }
  return "\n" + table.text(width);
}

Json rows_json(const Rows& rows) {
  auto all = Json::array();
  for (const auto& row : rows)
    all.push_back({{"name", row.name}, {"values", row.values}, {"differs", row.differs()}});
  return all;
}

}  // namespace

std::string short_text(const Json& value) {
  if (value.is_null()) return "-";
  const auto text = as_text(value);
  const auto lines = std::ranges::count(text, '\n');
  return lines == 0 ? text : counted(lines, "line");
}

std::string comparison_page(const Comparison& comparison, bool all, int width) {
  return heads(comparison, width) + sections(comparison, all, width) + metrics(comparison, width);
}

std::string differences_page(const Comparison& comparison, int width) {
  return sections(comparison, false, width);
}

Json comparison_json(const Comparison& comparison) {
  auto runs = Json::array();
  for (const auto& run : comparison.runs)
    runs.push_back({{"id", run.id},
                    {"name", run.run.name},
                    {"status", run.status},
                    {"started", iso_time(run.started)},
                    {"ended", run.ended ? Json(iso_time(*run.ended)) : Json()}});
  return {{"runs", std::move(runs)},
          {"config", rows_json(comparison.config)},
          {"code", rows_json(comparison.code)},
          {"data", rows_json(comparison.data)},
          {"surroundings", rows_json(comparison.surrounding)},
          {"metrics", rows_json(comparison.metrics)}};
}

}  // namespace runner
