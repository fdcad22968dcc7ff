#include "runner/exchange/imported.hpp"

#include "experiments/json.hpp"
#include "experiments/text.hpp"
#include "experiments/writer.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>

namespace runner {
namespace {

/// By their paths: of `a.b` and `{a: {b: ...}}`, which have the same, the last counts.
using Settings = std::map<std::string, Setting>;

Value to_utf8(Value value) {
  if (auto* text = std::get_if<std::string>(&value)) *text = as_utf8(*text);
  return value;
}

void flatten(const Json& value, const std::string& path, const std::string& origin, Settings& out) {
  if (!value.is_object() || (value.empty() && !path.empty())) {
    const auto name = printable(path);
    out.insert_or_assign(name, Setting{name, to_utf8(to_value(value)), origin});
    return;
  }
  for (const auto& [key, inner] : value.items())
    flatten(inner, path.empty() ? key : path + "." + key, origin, out);
}

std::vector<Setting> settings_of(const Imported& imported) {
  Settings settings;
  flatten(imported.config, "", imported.config_file, settings);
  std::vector<Setting> out;
  for (auto& [path, setting] : settings) out.push_back(std::move(setting));
  return out;
}

std::string path_of(const Imported& imported) { return as_utf8(imported.origin.string()); }

// A folder that was read by other rules before is read again.
constexpr auto rules = "2:";

std::string digest_of(const Imported& imported) { return rules + imported.digest; }

struct KnownRun {
  std::string id, digest;
};

std::optional<KnownRun> find(const Database& database, const Imported& imported) {
  auto row = database.prepare(
      "SELECT run_id, json_extract(data, '$.imported.digest') FROM documents WHERE"
      " json_valid(data) AND json_extract(data, '$.imported.from') = ? ORDER BY run_id DESC");
  if (!row.with(path_of(imported)).step()) return std::nullopt;
  return KnownRun{row.text(0), row.text(1)};
}

std::string data_of(const Imported& imported) {
  return dumped(Json{{"imported",
                      {{"from", path_of(imported)},
                       {"format", imported.format},
                       {"digest", digest_of(imported)}}}});
}

Run to_run(const Imported& imported, std::string_view command) {
  Run run;
  run.name = printable(imported.name);
  run.recipe_path = path_of(imported);
  run.recipe_text = as_utf8(imported.config_text);
  run.config = dumped(imported.config);
  run.settings = settings_of(imported);
  run.command = as_utf8(command);
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

constexpr std::size_t points_at_once = 50'000;

/// Gives the number of points that were read.
std::int64_t write_points(const Database& database, const std::string& id,
                          const Imported& imported) {
  Writer writer(database, id);
  for (const auto& metric : imported.metrics) writer.add_series(metric);
  std::int64_t count = 0;
  std::vector<SeriesPoint> points;
  points.reserve(points_at_once);
  const auto write = [&] {
    count += std::ssize(points);
    writer.write(points);
    points.clear();
  };
  imported.for_each_point([&](const SeriesPoint& point) {
    points.push_back(point);
    if (points.size() == points_at_once) write();
  });
  write();
  database.prepare("UPDATE runs SET started = ? WHERE id = ?").with(imported.started, id).run();
  writer.end(Status::done, "", imported.ended);
  return count;
}

ImportedRun stored(const Database& database, const std::string& id, ImportOutcome outcome) {
  auto sums = database.prepare(
      "SELECT count(*), ifnull(sum(count), 0) FROM series WHERE run_id = ? AND count > 0");
  sums.with(id).step();
  return {id, outcome, sums.integer(0), sums.integer(1)};
}

}  // namespace

void settle_metrics(Imported& imported) {
  // Taken names first: of `loss`, `loss`, `loss.1` the second becomes `loss.2`.
  std::set<std::string> taken, given;
  for (auto& name : imported.metrics) taken.insert(name = printable(name));
  for (auto& name : imported.metrics) {
    if (given.insert(name).second) continue;
    const auto before = name;
    for (int number = 1; !taken.insert(name).second; ++number)
      name = fmt::format("{}.{}", before, number);
    imported.warnings.push_back(fmt::format("{} has several metrics called '{}'; one is '{}' here",
                                            path_of(imported), before, name));
  }
}

void refuse_changed(const std::filesystem::path& folder) {
  throw UserError(fmt::format("{} was written to while it was read: import it again",
                              as_utf8(folder.string())));
}

ImportedRun record(Store& store, const Imported& imported, std::string_view command) {
  const auto& database = store.database();
  const auto is_there = [&](const auto& known) {
    return known && known->digest == digest_of(imported);
  };
  if (const auto known = find(database, imported); is_there(known))
    return stored(database, known->id, ImportOutcome::there);
  const auto run = to_run(imported, command);
  Transaction transaction(database);
  // Another import of the same folder may have been faster.
  const auto known = find(database, imported);
  if (is_there(known)) return stored(database, known->id, ImportOutcome::there);
  const auto id = known ? known->id : store.begin(run, transaction);
  if (known) renew(database, id, run);
  const auto read = write_points(database, id, imported);
  store.set_data(id, data_of(imported));
  auto imported_run = stored(database, id, known ? ImportOutcome::updated : ImportOutcome::came);
  imported_run.replaced = read - imported_run.points;
  transaction.commit();
  return imported_run;
}

}  // namespace runner
