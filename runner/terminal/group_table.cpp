#include "runner/terminal/group_table.hpp"

#include "experiments/json.hpp"
#include "runner/terminal/cell.hpp"
#include "runner/terminal/moment.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace runner {
namespace {

using Json = nlohmann::ordered_json;

std::string shown(const std::string& column, double value) {
  return column == "duration" ? how_long(value) : cell(value);
}

std::string shown(const std::string& column, const Spread& spread) {
  if (spread.count == 0) return "";
  if (spread.min == spread.max) return shown(column, spread.mean);
  return fmt::format("{} ({} to {})", shown(column, spread.mean), shown(column, spread.min),
                     shown(column, spread.max));
}

std::vector<std::size_t> with_numbers(std::size_t columns, const std::vector<Group>& groups) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < columns; ++i)
    if (std::ranges::any_of(groups, [i](const Group& group) { return group.spreads[i].count > 0; }))
      found.push_back(i);
  return found;
}

}  // namespace

Table group_table(const std::vector<std::string>& names, const std::vector<std::string>& columns,
                  const std::vector<Group>& groups) {
  Table table;
  for (const auto& name : names) table.add_column(name);
  table.add_column("runs", Table::Align::right);
  const auto numbers = with_numbers(columns.size(), groups);
  for (const auto i : numbers) table.add_column(columns[i]);
  for (const auto& group : groups) {
    auto& row = table.add_row();
    std::ranges::transform(group.values, std::back_inserter(row),
                           [](const Value& value) { return cell(value); });
    row.push_back(fmt::format("{}", group.runs));
    for (const auto i : numbers) row.push_back(shown(columns[i], group.spreads[i]));
  }
  return table;
}

Json groups_to_json(const std::vector<std::string>& names, const std::vector<std::string>& columns,
                    const std::vector<Group>& groups) {
  auto all = Json::array();
  for (const auto& group : groups) {
    Json of = Json::object(), spreads = Json::object();
    for (std::size_t i = 0; i < names.size(); ++i) of[names[i]] = to_json(group.values[i]);
    for (const auto i : with_numbers(columns.size(), groups)) {
      const auto& [count, mean, min, max] = group.spreads[i];
      spreads[columns[i]] = {
          {"count", count}, {"mean", to_json(mean)}, {"min", to_json(min)}, {"max", to_json(max)}};
    }
    all.push_back({{"group", of}, {"runs", group.runs}, {"columns", spreads}});
  }
  return all;
}

}  // namespace runner
