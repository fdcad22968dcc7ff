#include "runner/exchange/imported.hpp"

#include "experiments/json.hpp"
#include "experiments/writer.hpp"

#include <fmt/format.h>

namespace runner {
namespace {

void flatten(const Json& value, const std::string& path, const std::string& origin,
             std::vector<Setting>& out) {
  if (!value.is_object() || (value.empty() && !path.empty())) {
    out.push_back({path, to_value(value), origin});
    return;
  }
  for (const auto& [key, inner] : value.items())
    flatten(inner, path.empty() ? key : path + "." + key, origin, out);
}

struct Known {
  std::string id, digest;
};

std::optional<Known> find(const Database& database, const Imported& imported) {
  auto row = database.prepare(
      "SELECT run_id, json_extract(data, '$.imported.digest') FROM documents WHERE"
      " json_valid(data) AND json_extract(data, '$.imported.from') = ? ORDER BY run_id DESC");
  if (!row.with(imported.origin.string()).step()) return std::nullopt;
  return Known{row.text(0), row.text(1)};
}

std::string data_of(const Imported& imported) {
  return Json{{"imported",
               {{"from", imported.origin.string()},
                {"format", imported.format},
                {"digest", imported.digest}}}}
      .dump();
}

Run to_run(const Imported& imported, std::string_view command) {
  Run run;
  run.name = imported.name;
  run.recipe_path = imported.origin.string();
  run.recipe_text = imported.config_text;
  run.config = imported.config.dump();
  flatten(imported.config, "", imported.config_file, run.settings);
  run.command = command;
  return run;
}

/// Of a run that was imported before: its tags and its note stay.
void renew(const Database& database, const std::string& id, const Run& run) {
  database.prepare("DELETE FROM series WHERE run_id = ?").with(id).run();
  database.prepare("DELETE FROM config WHERE run_id = ?").with(id).run();
  database.prepare("UPDATE documents SET recipe = ?2, config = ?3, command = ?4 WHERE run_id = ?1")
      .with(id, run.recipe_text, run.config, run.command)
      .run();
  auto insert =
      database.prepare("INSERT INTO config (run_id, path, value, origin) VALUES (?, ?, ?, ?)");
  for (const auto& [path, value, origin] : run.settings) insert.with(id, path, value, origin).run();
}

void write_points(const Database& database, const std::string& id, Imported& imported) {
  Writer writer(database, id);
  for (const auto& metric : imported.metrics) writer.add_series(metric);
  writer.write(imported.points);
  database.prepare("UPDATE runs SET started = ? WHERE id = ?").with(imported.started, id).run();
  writer.end(Status::done, "", imported.ended);
}

}  // namespace

ImportedRun record(Store& store, Imported imported, std::string_view command) {
  const auto& database = store.database();
  const auto known = find(database, imported);
  if (known && known->digest == imported.digest) return {known->id, ImportOutcome::there};
  const auto run = to_run(imported, command);
  // Until its points are there it is a run that goes on, and has crashed if this process does.
  const auto id = known ? known->id : store.begin(run);
  Transaction transaction(database);
  if (known) renew(database, id, run);
  write_points(database, id, imported);
  store.set_data(id, data_of(imported));
  transaction.commit();
  return {id, known ? ImportOutcome::updated : ImportOutcome::came};
}

}  // namespace runner
