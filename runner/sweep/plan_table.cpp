#include "runner/sweep/plan_table.hpp"

#include "experiments/json.hpp"
#include "runner/terminal/moment.hpp"
#include "runner/terminal/number.hpp"
#include "runner/terminal/table.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace runner {
namespace {

/// Every path that some cell sets, in the order of the text.
std::vector<std::string> paths_of(const SweepEstimate& plan) {
  std::vector<std::string> paths;
  for (const auto& cell : plan.cells)
    for (const auto& [path, value] : cell.parameters.items())
      if (std::find(paths.begin(), paths.end(), path) == paths.end()) paths.push_back(path);
  return paths;
}

bool is_numeric(const SweepEstimate& plan, const std::string& path) {
  return std::all_of(plan.cells.begin(), plan.cells.end(), [&](const PlannedCell& cell) {
    return !cell.parameters.contains(path) || cell.parameters.at(path).is_number();
  });
}

std::string shown(const Json& parameters, const std::string& path) {
  return parameters.contains(path) ? as_text(parameters.at(path)) : "";
}

std::string total(const SweepEstimate& plan) {
  const auto trials =
      fmt::format("{} trial{}", with_commas(plan.trials), plan.trials == 1 ? "" : "s");
  if (!plan.seconds) return trials + "; how long they take is not known from past runs\n";
  return fmt::format("{}, about {} one after the other, as past runs tell\n", trials,
                     how_long(*plan.seconds));
}

}  // namespace

std::string plan_table(const SweepEstimate& plan, int width) {
  Table table;
  table.add_column("trial", Table::Align::right);
  const auto paths = paths_of(plan);
  for (const auto& path : paths)
    table.add_column(path, is_numeric(plan, path) ? Table::Align::right : Table::Align::left);
  table.add_column("steps", Table::Align::right);
  table.add_column("about", Table::Align::right);
  for (std::size_t i = 0; i < plan.cells.size(); ++i) {
    const auto& cell = plan.cells[i];
    auto& row = table.add_row();
    row.push_back(std::to_string(i + 1));
    for (const auto& path : paths) row.push_back(shown(cell.parameters, path));
    row.push_back(with_commas(cell.steps));
    row.push_back(cell.seconds ? how_long(*cell.seconds) : "?");
  }
  return table.text(width) + total(plan);
}

Json plan_json(const SweepEstimate& plan) {
  auto cells = Json::array();
  for (const auto& cell : plan.cells)
    cells.push_back({{"parameters", cell.parameters},
                     {"steps", cell.steps},
                     {"seconds", cell.seconds ? Json(*cell.seconds) : Json()}});
  return {{"trials", plan.trials},
          {"seconds", plan.seconds ? Json(*plan.seconds) : Json()},
          {"cells", std::move(cells)}};
}

}  // namespace runner
