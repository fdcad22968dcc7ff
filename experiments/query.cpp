#include "experiments/query.hpp"

#include <set>

#include <fmt/format.h>

namespace runner {
namespace {

Statement understand(const Database& database, const std::string& sql) try {
  return database.prepare(sql);
} catch (const StoreError& error) {
  std::string text = error.what();
  const auto file = database.file().string() + ": ";
  if (text.starts_with(file)) text.erase(0, file.size());
  throw UserError(fmt::format(
      "--sql: {}; the views are overview and metrics, the tables are in experiments/README.md",
      text));
}

/// As SQLite names the columns of a subquery.
void tell_apart(std::vector<std::string>& columns) {
  std::set<std::string> taken(columns.begin(), columns.end()), given;
  for (auto& column : columns) {
    if (given.insert(column).second) continue;
    const auto name = column;
    for (int number = 1; !taken.insert(column).second; ++number)
      column = fmt::format("{}:{}", name, number);
  }
}

}  // namespace

Answer ask(const Database& database, const std::string& sql) {
  database.execute("PRAGMA query_only = ON");
  auto statement = understand(database, sql);
  if (!statement.reads_only())
    throw UserError("--sql: only reads; sqlite3 " + database.file().string() + " would write");
  Answer answer{statement.columns(), {}};
  tell_apart(answer.columns);
  if (answer.columns.empty()) throw UserError("--sql: a statement that asks for nothing");
  while (statement.step()) {
    auto& row = answer.rows.emplace_back();
    for (int i = 0; i < std::ssize(answer.columns); ++i) row.push_back(statement.value(i));
  }
  return answer;
}

}  // namespace runner
