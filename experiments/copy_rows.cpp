#include "experiments/copy_rows.hpp"

#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace runner {
namespace {

/// All but a key of one whole number, which SQLite gives itself.
std::vector<std::string> columns_of(const Database& database, const std::string& table) {
  auto column = database.prepare(
      "SELECT name FROM pragma_table_info(?1) WHERE NOT (pk = 1 AND type = 'INTEGER' AND 1 ="
      " (SELECT count(*) FROM pragma_table_info(?1) WHERE pk > 0)) ORDER BY cid");
  column.with(table);
  std::vector<std::string> names;
  while (column.step()) names.push_back(column.text(0));
  return names;
}

std::vector<std::string> values_of(const std::vector<std::string>& columns,
                                   const std::map<std::string, std::string>& instead) {
  std::vector<std::string> values;
  for (const auto& column : columns) {
    const auto found = instead.find(column);
    values.push_back(found == instead.end() ? "t." + column : found->second);
  }
  return values;
}

}  // namespace

std::string copy_rows(const Database& database, const std::string& table,
                      const std::map<std::string, std::string>& instead, std::string_view rest,
                      std::string_view verb) {
  const auto columns = columns_of(database, table);
  return fmt::format("{} INTO main.{} ({}) SELECT {} {}", verb, table, fmt::join(columns, ", "),
                     fmt::join(values_of(columns, instead), ", "), rest);
}

std::string update_rows(const Database& database, const std::string& table,
                        const std::map<std::string, std::string>& instead, std::string_view rest,
                        std::string_view which) {
  auto columns = columns_of(database, table);
  std::erase(columns, "id");
  return fmt::format("UPDATE main.{} SET ({}) = (SELECT {} {}) WHERE {}", table,
                     fmt::join(columns, ", "), fmt::join(values_of(columns, instead), ", "), rest,
                     which);
}

}  // namespace runner
