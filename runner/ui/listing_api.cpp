#include "experiments/annotations.hpp"
#include "experiments/json.hpp"
#include "experiments/listing.hpp"
#include "runner/terminal/run_json.hpp"
#include "runner/terminal/usual_columns.hpp"
#include "runner/ui/api.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace runner::ui {
namespace {

constexpr std::int64_t most_rows = 500;

std::vector<std::string> wanted_columns(const Call& call) {
  auto names = split_names(call.query.text("columns"));
  if (names.empty()) return usual_columns(call.database);
  std::erase(names, "id");
  names.insert(names.begin(), "id");
  return names;
}

Value to_value(const Json& json) {
  if (json.is_boolean()) return json.get<bool>();
  if (json.is_number_integer()) return json.get<std::int64_t>();
  if (json.is_number()) return json.get<double>();
  if (json.is_string()) return json.get<std::string>();
  return {};
}

ListRequest request_of(const Call& call) {
  ListRequest request;
  request.where = call.query.text("where");
  request.sort = call.query.text("sort");
  request.columns = wanted_columns(call);
  request.offset = call.query.integer("offset", 0);
  request.limit = std::clamp<std::int64_t>(call.query.integer("limit", 100), 1, most_rows);
  if (const auto group = call.query.optional_text("group")) {
    const auto value = Json::parse(call.query.text("value"), nullptr, false);
    request.group = {*group, to_value(value)};
  }
  return request;
}

Json row_json(const Database& database, const std::vector<Value>& row) {
  auto values = Json::array();
  for (const auto& value : row) values.push_back(to_json(value));
  Json json{{"values", std::move(values)}};
  json.update(annotations_json(read_annotations(database, std::get<std::string>(row.front()))));
  return json;
}

/// The numbers of one column over a group's runs.
struct Spread {
  std::int64_t count = 0;
  double sum = 0, min = INFINITY, max = -INFINITY;

  void add(double value) {
    ++count;
    sum += value;
    min = std::min(min, value);
    max = std::max(max, value);
  }
  Json json() const {
    if (count == 0) return nullptr;
    return {{"mean", sum / static_cast<double>(count)}, {"min", min}, {"max", max}};
  }
};

struct Group {
  Json value;
  std::int64_t count = 0;
  std::vector<Spread> spreads;

  void add(const std::vector<Value>& row) {
    ++count;
    spreads.resize(row.size());
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (const auto* real = std::get_if<double>(&row[i])) spreads[i].add(*real);
      if (const auto* whole = std::get_if<std::int64_t>(&row[i]))
        spreads[i].add(static_cast<double>(*whole));
    }
  }
  Json json() const {
    auto columns = Json::array();
    for (const auto& spread : spreads) columns.push_back(spread.json());
    return {{"value", value}, {"count", count}, {"columns", std::move(columns)}};
  }
};

}  // namespace

Json runs(const Call& call) {
  const auto request = request_of(call);
  const auto listing = list_runs(call.database, request);
  auto rows = Json::array();
  for (const auto& row : listing.rows) rows.push_back(row_json(call.database, row));
  return {{"columns", request.columns},
          {"total", listing.total},
          {"offset", request.offset},
          {"rows", std::move(rows)}};
}

Json groups(const Call& call) {
  const auto name = call.query.text("group");
  ListRequest request;
  request.where = call.query.text("where");
  request.columns = wanted_columns(call);
  const auto shown = request.columns;
  request.columns.push_back(name);
  request.limit = 0;
  std::map<Value, Group> found;
  for (auto& row : list_runs(call.database, request).rows) {
    const Value value = std::move(row.back());
    row.pop_back();
    auto& group = found[value];
    group.value = to_json(value);
    group.add(row);
  }
  auto all = Json::array();
  for (const auto& [value, group] : found) all.push_back(group.json());
  return {{"columns", shown}, {"groups", std::move(all)}};
}

Json columns(const Call& call) {
  const auto names = all_names(call.database);
  return {{"columns", names.columns},
          {"settings", names.settings},
          {"metrics", names.metrics},
          {"usual", usual_columns(call.database)}};
}

}  // namespace runner::ui
