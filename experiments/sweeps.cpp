#include "experiments/error.hpp"
#include "experiments/id.hpp"
#include "experiments/trials.hpp"

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

}  // namespace

std::string begin_sweep(const Database& database, const Sweep& sweep) {
  Transaction transaction(database);
  const auto known = select_sweeps(database, "WHERE identity = ?", sweep.identity);
  auto id = known.empty() ? new_run_id() : known.front().id;
  if (known.empty())
    database
        .prepare(
            "INSERT INTO sweeps (id, identity, started, name, recipe, recipe_text,"
            " command, metric, mode, settings, wanted)"
            " VALUES (?, ?, ?, '', '', '', '', '', 'min', '', 0)")
        .with(id, sweep.identity, now_ms())
        .run();
  database
      .prepare(
          "UPDATE sweeps SET name = ?2, recipe = ?3, recipe_text = ?4, command = ?5,"
          " metric = ?6, mode = ?7, settings = ?8, wanted = ?9 WHERE id = ?1")
      .with(id, sweep.name, sweep.recipe_path, sweep.recipe_text, sweep.command, sweep.metric,
            sweep.mode, sweep.settings, sweep.wanted)
      .run();
  transaction.commit();
  return id;
}

Sweep find_sweep(const Database& database, std::string_view reference) {
  auto found = reference == "last" ? read_sweeps(database)
                                   : select_sweeps(database, "WHERE id = ?", reference);
  if (found.empty() && reference != "last")
    found = select_sweeps(database, "WHERE name = ? ORDER BY id DESC", reference);
  if (!found.empty()) return found.front();
  found = select_sweeps(database, "WHERE id GLOB ?1 || '*' ORDER BY id", reference);
  if (found.size() == 1) return found.front();
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

std::vector<Sweep> read_sweeps(const Database& database) {
  return select_sweeps(database, "ORDER BY id DESC", {});
}

}  // namespace runner
