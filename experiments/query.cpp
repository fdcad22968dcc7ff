#include "experiments/query.hpp"

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

}  // namespace

Answer ask(const Database& database, const std::string& sql) {
  database.execute("PRAGMA query_only = ON");
  auto statement = understand(database, sql);
  if (!statement.reads_only())
    throw UserError("--sql: only reads; sqlite3 " + database.file().string() + " would write");
  Answer answer{statement.columns(), {}};
  if (answer.columns.empty()) throw UserError("--sql: a statement that asks for nothing");
  while (statement.step()) {
    auto& row = answer.rows.emplace_back();
    for (int i = 0; i < std::ssize(answer.columns); ++i) row.push_back(statement.value(i));
  }
  return answer;
}

}  // namespace runner
