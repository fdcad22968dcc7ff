#include "experiments/store.hpp"

#include "experiments/error.hpp"
#include "experiments/id.hpp"
#include "experiments/journal.hpp"
#include "experiments/schema.hpp"

#include <vector>

#include <fmt/format.h>

namespace runner {
namespace {

namespace fs = std::filesystem;

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    throw StoreError(
        fmt::format("cannot create the folder {}: {}", folder.string(), error.message()));
}

void insert_documents(const Database& database, std::string_view id, const Run& run) {
  database
      .prepare(
          "INSERT INTO documents (run_id, recipe, config, command, versions, data) VALUES (?, ?, "
          "?, ?, ?, ?)")
      .with(id, run.recipe_text, run.config, run.command, run.versions, run.data)
      .run();
}

void insert_settings(const Database& database, std::string_view id, const Run& run) {
  auto insert =
      database.prepare("INSERT INTO config (run_id, path, value, origin) VALUES (?, ?, ?, ?)");
  for (const auto& setting : run.settings)
    insert.with(id, setting.path, setting.value, setting.origin).run();
}

struct Unfinished {
  std::string id;
  Process process;
};

std::vector<Unfinished> running_on(const Database& database, const std::string& host) {
  auto select = database.prepare(
      "SELECT id, boot_id, pid, pid_started FROM runs WHERE status = 'running' AND host = ?");
  select.with(host);
  std::vector<Unfinished> runs;
  while (select.step()) {
    runs.push_back({select.text(0), {host, select.text(1), select.integer(2), select.integer(3)}});
  }
  return runs;
}

std::int64_t last_sign_of_life(const Database& database, const std::string& id) {
  auto select = database.prepare(
      "SELECT max(started, ifnull((SELECT max(p.time) FROM series s JOIN points p ON p.series_id = "
      "s.id"
      " AND p.step = s.last_step WHERE s.run_id = runs.id), 0)) FROM runs WHERE id = ?");
  select.with(id);
  return select.step() ? select.integer(0) : 0;
}

std::string cause_of_crash(const Process& process, const Process& here) {
  return process.boot_id == here.boot_id
             ? fmt::format("process {} ended without finishing the run", process.pid)
             : "the machine was restarted during the run";
}

}  // namespace

Store::Store(Database database) : database_(std::move(database)) {
  refuse_foreign(database_);
  choose_journal(database_);
  database_.execute("PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON");
  migrate(database_);
  if (!database_.read_only()) mark_crashed_runs();
}

Store Store::create_or_open(const fs::path& file) {
  make_folder(file.parent_path());
  return Store(Database(file, Database::Open::create));
}

Store Store::open(const fs::path& file) {
  if (!fs::exists(file))
    throw UserError(fmt::format("there are no runs yet: no database at {}", file.string()));
  return Store(Database(file, Database::Open::existing));
}

std::string Store::begin(const Run& run) {
  Transaction transaction(database_);
  std::string id = new_run_id();
  while (!insert(id, run)) id = new_run_id();
  insert_documents(database_, id, run);
  insert_settings(database_, id, run);
  transaction.commit();
  return id;
}

// False when the id is taken.
bool Store::insert(std::string_view id, const Run& run) {
  const Value dirty = run.git_dirty ? Value(std::int64_t{*run.git_dirty}) : Value();
  database_
      .prepare(
          "INSERT INTO runs (id, name, recipe, started, host, boot_id, pid, pid_started, device, "
          "seed, git_commit, git_dirty)"
          " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING")
      .with(id, run.name, run.recipe_path, now_ms(), run.process.host, run.process.boot_id,
            run.process.pid, run.process.started, run.device, run.seed, run.git_commit, dirty)
      .run();
  return database_.changes() == 1;
}

void Store::set_device(std::string_view run_id, std::string_view device) {
  database_.prepare("UPDATE runs SET device = ?2 WHERE id = ?1").with(run_id, device).run();
}

void Store::set_data(std::string_view run_id, std::string_view json) {
  database_.prepare("UPDATE documents SET data = ?2 WHERE run_id = ?1").with(run_id, json).run();
}

void Store::set_versions(std::string_view run_id, std::string_view json) {
  database_.prepare("UPDATE documents SET versions = ?2 WHERE run_id = ?1")
      .with(run_id, json)
      .run();
}

int Store::mark_crashed_runs() {
  const Process here = current_process();
  int marked = 0;
  for (const auto& [id, process] : running_on(database_, here.host)) {
    if (is_alive(process, here)) continue;
    // It may have been finished, or marked by another command, since it was read.
    database_
        .prepare(
            "UPDATE runs SET status = 'crashed', ended = ?, reason = ? WHERE id = ? AND status = "
            "'running'")
        .with(last_sign_of_life(database_, id), cause_of_crash(process, here), id)
        .run();
    marked += static_cast<int>(database_.changes());
  }
  return marked;
}

}  // namespace runner
