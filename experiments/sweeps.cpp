#include "experiments/sweeps.hpp"

#include "experiments/error.hpp"
#include "experiments/id.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace runner {
namespace {

constexpr auto sweep_columns =
    "id, name, identity, recipe, recipe_text, command, metric, mode, settings, wanted, started";

Sweep to_sweep(const Statement& row) {
  return {row.text(0), row.text(1), row.text(2), row.text(3),    row.text(4),    row.text(5),
          row.text(6), row.text(7), row.text(8), row.integer(9), row.integer(10)};
}

std::vector<Sweep> select_sweeps(const Database& database, const std::string& rest,
                                 std::string_view text) {
  auto select = database.prepare(fmt::format("SELECT {} FROM sweeps {}", sweep_columns, rest));
  if (!text.empty()) select.with(text);
  std::vector<Sweep> sweeps;
  while (select.step()) sweeps.push_back(to_sweep(select));
  return sweeps;
}

/// The newest of all ("last"), that of an id, the newest of a name, or all whose id begins so.
std::vector<Sweep> sweeps_of(const Database& database, std::string_view reference) {
  if (reference == "last")
    return select_sweeps(database, "ORDER BY sequence DESC, id DESC LIMIT 1", {});
  for (const auto* rule :
       {"WHERE id = ?", "WHERE name = ? ORDER BY sequence DESC, id DESC LIMIT 1"})
    if (auto found = select_sweeps(database, rule, reference); !found.empty()) return found;
  return select_sweeps(database, "WHERE id GLOB ?1 || '*' ORDER BY id", reference);
}

}  // namespace

std::string begin_sweep(const Database& database, const Sweep& sweep) {
  Transaction transaction(database);
  auto known = database.prepare(
      "INSERT INTO sweeps (id, identity, started, name, recipe, recipe_text, command, metric,"
      " mode, settings, wanted, sequence) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11,"
      " (SELECT max(?3, ifnull(max(sequence), 0) + 1) FROM sweeps))"
      " ON CONFLICT (identity) DO UPDATE SET name = excluded.name, recipe = excluded.recipe,"
      " recipe_text = excluded.recipe_text, command = excluded.command,"
      " metric = excluded.metric, mode = excluded.mode, settings = excluded.settings,"
      " wanted = excluded.wanted RETURNING id");
  known.with(new_run_id(), sweep.identity, now_ms(), sweep.name, sweep.recipe_path,
             sweep.recipe_text, sweep.command, sweep.metric, sweep.mode, sweep.settings,
             sweep.wanted);
  known.step();
  auto id = known.text(0);
  while (known.step()) {
  }
  transaction.commit();
  return id;
}

std::optional<Sweep> sweep_of(const Database& database, std::string_view reference) {
  auto found = sweeps_of(database, reference);
  if (found.size() != 1) return std::nullopt;
  return std::move(found.front());
}

Sweep find_sweep(const Database& database, std::string_view reference) {
  auto found = sweeps_of(database, reference);
  if (found.size() == 1) return std::move(found.front());
  std::vector<std::string> candidates;
  for (const auto& sweep : found.empty() ? read_sweeps(database) : found)
    if (candidates.size() < 5) candidates.push_back(fmt::format("{} ({})", sweep.id, sweep.name));
  if (candidates.empty()) throw UserError("there are no sweeps yet");
  if (found.empty())
    throw UserError(fmt::format("there is no sweep '{}'; there are {}", reference,
                                fmt::join(candidates, ", ")));
  throw UserError(
      fmt::format("several sweeps begin with '{}': {}", reference, fmt::join(candidates, ", ")));
}

std::optional<Sweep> sweep_of_identity(const Database& database, std::string_view identity) {
  auto found = select_sweeps(database, "WHERE identity = ?", identity);
  return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

std::vector<Sweep> read_sweeps(const Database& database) {
  return select_sweeps(database, "ORDER BY sequence DESC, id DESC", {});
}

}  // namespace runner
