#include "experiments/listing.hpp"

#include "experiments/condition.hpp"

#include <algorithm>
#include <sstream>

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
  return fmt::format("ORDER BY {}r.id DESC", terms);
}

std::vector<std::string> pick(const Database& database, const ListRequest& request) {
  filter::Selection selection(database);
  std::string where =
      request.where.empty() ? "WHERE TRUE" : "WHERE " + filter::compile(request.where, selection);
  if (!request.archived && !selection.has_asked("archived")) where += " AND NOT r.archived";
  const std::string order_by = order(request.sort, selection);
  auto select = selection.select("r.id", fmt::format("{} {}", where, order_by));
  std::vector<std::string> ids;
  while (select.step()) ids.push_back(select.text(0));
  return ids;
}

std::vector<std::vector<Value>> read(const Database& database, const std::vector<std::string>& ids,
                                     const std::vector<std::string>& columns) {
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
  return rows;
}

}  // namespace

std::vector<std::string> split_names(const std::string& list) {
  std::vector<std::string> names;
  std::istringstream in(list);
  for (std::string name; std::getline(in, name, ',');) {
    std::erase(name, ' ');
    if (!name.empty()) names.push_back(name);
  }
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
  auto ids = pick(database, request);
  const auto total = static_cast<std::int64_t>(ids.size());
  if (request.limit > 0 && request.limit < total)
    ids.resize(static_cast<std::size_t>(request.limit));
  return {read(database, ids, request.columns), total};
}

}  // namespace runner
