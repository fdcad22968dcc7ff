#include "experiments/merge.hpp"

#include "experiments/copy_rows.hpp"
#include "experiments/error.hpp"
#include "experiments/id.hpp"
#include "experiments/location.hpp"
#include "experiments/merge_sweeps.hpp"
#include "experiments/other_database.hpp"
#include "experiments/text.hpp"

#include <map>
#include <tuple>
#include <vector>

#include <fmt/format.h>

namespace runner {
namespace {

/// How a run stands in one of the two databases.
struct Standing {
  std::string status;
  std::int64_t started, restarts;
  Process process;
  std::int64_t ended, points;

  bool is_queued() const { return status == "queued"; }
  auto progress() const {
    const int ending = is_queued() ? 0 : status == "running" ? 1 : status == "crashed" ? 2 : 3;
    return std::tuple(restarts, points, ending, ended);
  }
};

/// Which id the other's run has here, and whether it comes.
class Ids {
 public:
  explicit Ids(const Database& database)
      : ours_(database.prepare(select_from("main"))),
        theirs_(database.prepare(select_from("other"))),
        insert_(database.prepare("INSERT INTO temp.run_ids VALUES (?, ?, ?)")) {}

  void add(const std::string& theirs, Merged& merged) {
    const auto run = *find(theirs_, theirs);
    auto id = theirs;
    auto here = find(ours_, id);
    // Another run has the id: ids count up to the first that is free in both, or is this run's.
    while (here ? !is_same(*here, run) : id != theirs && find(theirs_, id)) {
      id = next_run_id(id);
      here = find(ours_, id);
    }
    const bool updates = here && here->progress() < run.progress();
    ++(!here ? merged.came : updates ? merged.updated : merged.there);
    insert_.with(theirs, id, std::string(!here ? "come" : updates ? "update" : "stay")).run();
  }

 private:
  static std::string select_from(std::string_view schema) {
    return fmt::format(
        "SELECT status, started, restarts, host, boot_id, pid, pid_started, ifnull(ended, 0),"
        " (SELECT ifnull(sum(count), 0) FROM {0}.series WHERE run_id = r.id)"
        " FROM {0}.runs r WHERE id = ?",
        schema);
  }

  static std::optional<Standing> find(Statement& select, const std::string& id) {
    std::optional<Standing> found;
    select.with(id);
    while (select.step())
      found = Standing{
          select.text(0),    select.integer(1),
          select.integer(2), {select.text(3), select.text(4), select.integer(5), select.integer(6)},
          select.integer(7), select.integer(8)};
    return found;
  }

  // What starts it, or starts it again, is another process; when it began it keeps from then on.
  static bool is_same(const Standing& a, const Standing& b) {
    if (a.is_queued() || b.is_queued()) return true;
    const auto& [host, boot, pid, started] = a.process;
    const bool same_process = host == b.process.host && boot == b.process.boot_id &&
                              pid == b.process.pid && started == b.process.started;
    return a.started == b.started && (same_process || a.restarts > 0 || b.restarts > 0);
  }

  Statement ours_, theirs_, insert_;
};

std::string as_literal(std::string_view text) {
  std::string out = "'";
  for (const char letter : text) out += letter == '\'' ? std::string("''") : std::string(1, letter);
  return out + "'";
}

/// An id becomes the name of a folder, so nothing else passes for one.
void refuse_strange_ids(const std::vector<std::string>& ids, const std::filesystem::path& file) {
  for (const auto& id : ids)
    if (!is_run_id(id))
      throw StoreError(
          fmt::format("{}: '{}' is no run's id; nothing was merged", file.string(), printable(id)));
}

/// checkpoints/ID/step-3 or logs/ID, beneath any folder.
bool is_place_of_run(const std::string& place, const std::string& kind, const std::string& id) {
  const std::filesystem::path path = place;
  for (const auto& part : path)
    if (part == "..") return false;
  const auto run = kind == "logs" ? path : path.parent_path();
  return run.filename() == id && run.parent_path().filename() == kind;
}

void refuse_strange_places(const Database& database, const std::filesystem::path& file) {
  auto place = database.prepare(
      "SELECT 'checkpoints', run_id, folder FROM other.checkpoints UNION ALL"
      " SELECT 'logs', id, logs FROM other.runs WHERE logs IS NOT NULL");
  while (place.step())
    if (!is_place_of_run(place.text(2), place.text(0), place.text(1)))
      throw StoreError(
          fmt::format("{}: run {} has its {} in '{}', which is no place for them; "
                      "nothing was merged",
                      file.string(), place.text(1), place.text(0), printable(place.text(2))));
}

Merged map_runs(const Database& database, const std::filesystem::path& file) {
  database.execute(
      "CREATE TEMP TABLE IF NOT EXISTS run_ids"
      " (theirs TEXT PRIMARY KEY, ours TEXT NOT NULL, action TEXT NOT NULL);"
      "DELETE FROM temp.run_ids");
  std::vector<std::string> all;
  auto run = database.prepare("SELECT id FROM other.runs ORDER BY id");
  while (run.step()) all.push_back(run.text(0));
  refuse_strange_ids(all, file);
  refuse_strange_places(database, file);
  Merged merged;
  Ids ids(database);
  for (const auto& id : all) ids.add(id, merged);
  return merged;
}

/// A place that the other database tells from its own folder, told from here.
std::string place_column(const Database& database, const std::filesystem::path& file,
                         std::string_view column) {
  const auto theirs = std::filesystem::absolute(file).lexically_normal().parent_path();
  std::error_code ignored;
  if (std::filesystem::equivalent(theirs, std::filesystem::absolute(database.file()).parent_path(),
                                  ignored))
    return fmt::format("t.{}", column);
  return fmt::format("iif(t.{0} LIKE '/%', t.{0}, {1} || t.{0})", column,
                     as_literal((theirs / "").string()));
}

/// A table, and its column that says to what its rows belong.
struct Owned {
  std::string table, column;
};

std::vector<Owned> tables(const Database& database, std::string_view sql) {
  auto row = database.prepare(sql);
  std::vector<Owned> found;
  while (row.step()) found.push_back({row.text(0), row.text(1)});
  return found;
}

void copy_what_belongs_to_runs(const Database& database, const std::filesystem::path& file) {
  for (const auto& [table, column] :
       tables(database,
              "SELECT t.name, k.\"from\" FROM main.sqlite_schema t, pragma_foreign_key_list(t.name)"
              " k WHERE t.type = 'table' AND k.\"table\" = 'runs' ORDER BY t.name")) {
    const auto from = fmt::format(
        "FROM temp.run_ids m CROSS JOIN other.{} t ON t.{} = m.theirs WHERE true", table, column);
    if (table == "tags") {
      database.execute(copy_rows(database, table, {{column, "m.ours"}}, from, "INSERT OR IGNORE"));
      continue;
    }
    database.execute(fmt::format(
        "DELETE FROM main.{} WHERE {} IN (SELECT ours FROM temp.run_ids WHERE action = 'update')",
        table, column));
    std::map<std::string, std::string> instead{{column, "m.ours"}};
    if (table == "checkpoints") instead["folder"] = place_column(database, file, "folder");
    database.execute(copy_rows(database, table, instead, from + " AND m.action <> 'stay'"));
  }
}

// Their numbers are others here, so they are found by their names.
void copy_what_belongs_to_series(const Database& database) {
  for (const auto& [table, column] :
       tables(database,
              "SELECT t.name, c.name FROM main.sqlite_schema t, pragma_table_info(t.name) c"
              " WHERE t.type = 'table' AND c.name = 'series_id' ORDER BY t.name"))
    database.execute(
        copy_rows(database, table, {{column, "s.id"}},
                  fmt::format("FROM temp.run_ids m CROSS JOIN other.series o ON o.run_id = m.theirs"
                              " CROSS JOIN main.series s ON s.run_id = m.ours AND s.name = o.name"
                              " CROSS JOIN other.{} t ON t.{} = o.id WHERE m.action <> 'stay'",
                              table, column),
                  "INSERT OR REPLACE"));
}

void copy_runs(const Database& database, const std::filesystem::path& file) {
  const auto logs = place_column(database, file, "logs");
  const std::string sweep = "(SELECT ours FROM temp.sweep_ids WHERE theirs = t.sweep)";
  const std::string from = "FROM temp.run_ids m JOIN other.runs t ON t.id = m.theirs WHERE ";
  database.execute(copy_rows(database, "runs", {{"id", "m.ours"}, {"sweep", sweep}, {"logs", logs}},
                             from + "m.action = 'come'"));
  database.execute(update_rows(database, "runs",
                               {{"sweep", sweep},
                                {"logs", logs},
                                {"name", "runs.name"},
                                {"note", "runs.note"},
                                {"archived", "runs.archived"},
                                {"sequence", "runs.sequence"}},
                               from + "m.ours = runs.id",
                               "id IN (SELECT ours FROM temp.run_ids WHERE action = 'update')"));
  database.execute(
      "UPDATE main.runs SET note = (SELECT t.note FROM temp.run_ids m JOIN other.runs t"
      " ON t.id = m.theirs WHERE m.ours = runs.id)"
      " WHERE note IS NULL AND id IN (SELECT ours FROM temp.run_ids)");
}

}  // namespace

Merged merge(Store& store, const std::filesystem::path& file) {
  const auto& database = store.database();
  const OtherDatabase other(database, file);
  Transaction transaction(database);
  const auto merged = map_runs(database, file);
  merge_sweeps(database);
  copy_runs(database, file);
  copy_what_belongs_to_runs(database, file);
  copy_what_belongs_to_series(database);
  merge_trials(database);
  transaction.commit();
  return merged;
}

}  // namespace runner
