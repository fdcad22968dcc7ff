#include "experiments/listing.hpp"

#include "experiments/condition.hpp"
#include "experiments/quoting.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace runner {
namespace {

std::string order(const std::string& sort, filter::Selection& selection) {
  std::string terms;
  for (std::string key : split_names(sort)) {
    const bool descends = key.front() == '-';
    if (descends) key.erase(0, 1);
    terms += fmt::format("{} {} NULLS LAST, ", selection.get(filter::parse_name(key)).sql,
                         descends ? "DESC" : "ASC");
  }
  return fmt::format("ORDER BY {}r.sequence DESC, r.id DESC", terms);
}

std::vector<std::string> pick(const Database& database, const ListRequest& request,
                              std::vector<std::string>& notes) {
  filter::Selection selection(database);
  std::string where =
      request.where.empty() ? "WHERE TRUE" : "WHERE " + filter::compile(request.where, selection);
  if (!request.archived && !selection.has_asked("archived")) where += " AND NOT r.archived";
  if (request.group) {
    const auto& [name, value] = *request.group;
    const auto field = selection.get(filter::parse_name(name)).shown;
    where += fmt::format(" AND {} IS {}", field, selection.bind(value));
  }
  const std::string order_by = order(request.sort, selection);
  auto select = selection.select("r.id", fmt::format("{} {}", where, order_by));
  std::vector<std::string> ids;
  while (select.step()) ids.push_back(select.text(0));
  notes = selection.notes();
  return ids;
}

std::vector<std::vector<Value>> read(const Database& database, const std::vector<std::string>& ids,
                                     const std::vector<std::string>& columns,
                                     std::vector<std::string>& notes) {
  filter::Selection selection(database);
  const std::string id = selection.bind({});
  std::string fields = "r.id";
  for (const auto& column : columns)
    fields += ", " + selection.get(filter::parse_name(column)).shown;
  auto select = selection.select(fields, "WHERE r.id = " + id);

  std::vector<std::vector<Value>> rows;
  for (const auto& run : ids) {
    select.bind(1, run);
    if (!select.step()) continue;
    auto& row = rows.emplace_back();
    for (int column = 1; column <= static_cast<int>(columns.size()); ++column)
      row.push_back(select.value(column));
    select.step();
  }
  for (const auto& note : selection.notes())
    if (std::ranges::find(notes, note) == notes.end()) notes.push_back(note);
  return rows;
}

// Leaps from each value of an index's first column to the next.
std::vector<std::string> distinct(const Database& database, const std::string& table,
                                  const std::string& column) {
  auto select = database.prepare(fmt::format(
      "WITH RECURSIVE found(x) AS (SELECT min({1}) FROM {0} UNION ALL SELECT (SELECT min({1}) FROM"
      " {0} WHERE {1} > x) FROM found WHERE x IS NOT NULL) SELECT x FROM found WHERE x IS NOT NULL",
      table, column));
  std::vector<std::string> values;
  while (select.step()) values.push_back(select.text(0));
  return values;
}

}  // namespace

Names all_names(const Database& database) {
  return {filter::column_names(), distinct(database, "config", "path"),
          distinct(database, "series", "name")};
}

std::string metric_as_written(const Database& database, const std::string& metric) {
  filter::Selection selection(database);
  const auto written = as_written(metric);
  selection.find(filter::parse_name(written));
  return selection.notes().empty() ? written : fmt::format("last({})", written);
}

std::vector<std::string> split_names(const std::string& list) {
  std::vector<std::string> names(1);
  bool is_quoted = false;
  int parentheses = 0;
  for (const char letter : list) {
    if (letter == '"') is_quoted = !is_quoted;
    if (!is_quoted) parentheses += (letter == '(') - (letter == ')');
    if (letter == ',' && !is_quoted && parentheses <= 0)
      names.emplace_back();
    else if (letter != ' ' || !names.back().empty())
      names.back() += letter;
  }
  for (auto& name : names) name.erase(name.find_last_not_of(' ') + 1);
  std::erase(names, "");
  return names;
}

std::vector<std::string> known_names(const Database& database,
                                     const std::vector<std::string>& names) {
  filter::Selection selection(database);
  std::vector<std::string> known;
  std::ranges::copy_if(names, std::back_inserter(known), [&](const auto& name) {
    return selection.find(filter::parse_name(name)).has_value();
  });
  return known;
}

Listing list_runs(const Database& database, const ListRequest& request) {
  // Where there is nothing, every name would be called unknown.
  if (database.integer("SELECT EXISTS (SELECT 1 FROM runs)") == 0) return {};
  std::vector<std::string> notes;
  auto ids = pick(database, request, notes);
  const auto total = static_cast<std::int64_t>(ids.size());
  ids.erase(ids.begin(), ids.begin() + std::clamp<std::int64_t>(request.offset, 0, total));
  if (request.limit > 0 && request.limit < std::ssize(ids))
    ids.resize(static_cast<std::size_t>(request.limit));
  auto rows = read(database, ids, request.columns, notes);
  return {std::move(rows), total, std::move(notes)};
}

}  // namespace runner
