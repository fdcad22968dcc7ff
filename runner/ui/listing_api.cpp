#include "experiments/annotations.hpp"
#include "experiments/grouping.hpp"
#include "experiments/json.hpp"
#include "experiments/listing.hpp"
#include "experiments/quoting.hpp"
#include "runner/terminal/run_json.hpp"
#include "runner/terminal/usual_columns.hpp"
#include "runner/ui/api.hpp"

#include <algorithm>

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

/// Of names that the user has given: the usual columns hide metrics, too, but nobody asked.
Json notes_json(const Call& call, const std::vector<std::string>& notes) {
  for (const auto* parameter : {"where", "sort", "columns", "group"})
    if (!call.query.text(parameter).empty()) return notes;
  return Json::array();
}

Json spread_json(const Spread& spread) {
  if (spread.count == 0) return nullptr;
  return {{"mean", spread.mean}, {"min", spread.min}, {"max", spread.max}};
}

}  // namespace

Json runs(const Call& call) {
  const auto request = request_of(call);
  const auto listing = list_runs(call.database, request);
  auto rows = Json::array();
  for (const auto& row : listing.rows) rows.push_back(row_json(call.database, row));
  return {{"columns", request.columns},
          {"total", listing.total},
          {"offset", request.offset},
          {"rows", std::move(rows)},
          {"notes", notes_json(call, listing.notes)}};
}

Json groups(const Call& call) {
  const auto name = call.query.text("group");
  ListRequest request;
  request.where = call.query.text("where");
  request.columns = wanted_columns(call);
  auto all = Json::array();
  const auto [groups, notes] = group_runs(call.database, request, {name});
  for (const auto& group : groups) {
    auto columns = Json::array();
    for (const auto& spread : group.spreads) columns.push_back(spread_json(spread));
    all.push_back({{"value", to_json(group.values.front())},
                   {"count", group.runs},
                   {"columns", std::move(columns)}});
  }
  return {
      {"columns", request.columns}, {"groups", std::move(all)}, {"notes", notes_json(call, notes)}};
}

Json columns(const Call& call) {
  auto names = all_names(call.database);
  for (auto& setting : names.settings) setting = as_written(setting);
  for (auto& metric : names.metrics) metric = metric_as_written(call.database, metric);
  return {{"columns", names.columns},
          {"settings", names.settings},
          {"metrics", names.metrics},
          {"usual", usual_columns(call.database)}};
}

}  // namespace runner::ui
