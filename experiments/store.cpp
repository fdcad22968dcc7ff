#include "experiments/store.hpp"

#include "experiments/checkpoints.hpp"
#include "experiments/durable.hpp"
#include "experiments/error.hpp"
#include "experiments/id.hpp"
#include "experiments/journal.hpp"
#include "experiments/levels.hpp"
#include "experiments/location.hpp"
#include "experiments/permissions.hpp"
#include "experiments/schema.hpp"

#include <vector>

#include <fmt/format.h>

namespace runner {
namespace {

namespace fs = std::filesystem;

void refuse_folder(const fs::path& file) {
  std::error_code error;
  if (fs::is_directory(file, error))
    throw UserError(fmt::format("{} is a folder; expected the file of a database", file.string()));
}

// False when the id is taken.
bool insert(const Database& database, std::string_view id, const Run& run, Status status,
            const Process& process) {
  database
      .prepare(
          "INSERT INTO runs (id, name, recipe, status, started, host, boot_id, pid, pid_started,"
          " sequence) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,"
          " (SELECT max(?5, ifnull(max(sequence), 0) + 1) FROM runs)) ON CONFLICT (id) DO NOTHING")
      .with(id, run.name, run.recipe_path, to_text(status), now_ms(), process.host, process.boot_id,
            process.pid, process.started)
      .run();
  return database.changes() == 1;
}

void insert_documents(const Database& database, std::string_view id, const Run& run) {
  database
      .prepare(
          "INSERT OR REPLACE INTO documents (run_id, recipe, config, command, versions, data,"
          " environment, git_diff) VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
      .with(id, run.recipe_text, run.config, run.command, run.versions, run.data, run.environment,
            run.git_diff)
      .run();
}

void insert_settings(const Database& database, std::string_view id, const Run& run) {
  database.prepare("DELETE FROM config WHERE run_id = ?").with(id).run();
  auto insert =
      database.prepare("INSERT INTO config (run_id, path, value, origin) VALUES (?, ?, ?, ?)");
  for (const auto& setting : run.settings)
    insert.with(id, setting.path, setting.value, setting.origin).run();
}

// All that `run` says, but for its process.
void describe(const Database& database, std::string_view id, const Run& run) {
  const Value dirty = run.git_dirty ? Value(std::int64_t{*run.git_dirty}) : Value();
  database
      .prepare(
          "UPDATE runs SET name = ?2, recipe = ?3, device = ?4, seed = ?5, git_commit = ?6,"
          " git_dirty = ?7, world_size = ?8, nodes = ?9, launcher = ?10, job_id = ?11, logs = ?12,"
          " sweep = ifnull(?13, sweep), purpose = ifnull(?14, purpose)"
          " WHERE id = ?1")
      .with(id, run.name, run.recipe_path, run.device, run.seed, run.git_commit, dirty,
            run.world_size, run.nodes, run.launcher, run.job_id, run.logs, run.sweep, run.purpose)
      .run();
  insert_documents(database, id, run);
  insert_settings(database, id, run);
}

void set_standing(const Database& database, std::string_view id, const Standing& standing) {
  const auto& [status, reason, ended, process] = standing;
  database
      .prepare(
          "UPDATE runs SET status = ?2, reason = ?3, ended = ?4, host = ?5, boot_id = ?6, pid = ?7,"
          " pid_started = ?8 WHERE id = ?1")
      .with(id, status, reason, ended, process.host, process.boot_id, process.pid, process.started)
      .run();
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

std::int64_t last_sign_of_life(const Database& database, std::string_view id) {
  auto select = database.prepare(
      "SELECT max(ifnull(resumed, started), ifnull((SELECT max(p.time) FROM series s JOIN points p "
      "ON p.series_id = "
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

void Store::prepare() {
  refuse_foreign(database_);
  database_.execute("PRAGMA foreign_keys = ON");
  database_.set_durable(true);
}

void Store::bring_forward() {
  choose_journal(database_);
  migrate(database_);
}

Store Store::create_or_open(const fs::path& file) {
  refuse_folder(file);
  make_folder(file.parent_path());
  // SQLite gives those beside it the same permissions.
  if (make_file(file)) make_names_durable(file.parent_path());
  Store store(Database(file, Database::Open::create));
  store.prepare();
  store.bring_forward();
  store.mark_crashed_runs();
  return store;
}

Store Store::existing(const fs::path& file) {
  if (!fs::exists(file))
    throw UserError(fmt::format("there are no runs yet: no database at {}", file.string()));
  refuse_folder(file);
  Store store(Database(file, Database::Open::existing));
  store.prepare();
  return store;
}

Store Store::open(const fs::path& file) {
  auto store = existing(file);
  if (!is_todays(store.database_)) {
    refuse_newer(store.database_);  // which is not to be changed
    store.database_.write_without_waiting([&] { store.bring_forward(); });
    read_as_todays(store.database_);
  }
  store.mark_crashed_runs();
  return store;
}

Store Store::open_to_write(const fs::path& file) {
  auto store = existing(file);
  store.bring_forward();
  store.mark_crashed_runs();
  return store;
}

std::string Store::begin(const Run& run, const std::optional<std::string>& wanted) {
  Transaction transaction(database_);
  auto id = add(run, Status::running, run.process, transaction, wanted);
  transaction.commit();
  return id;
}

std::string Store::begin(const Run& run, const Transaction& open) {
  return add(run, Status::running, run.process, open);
}

std::string Store::queue(const Run& run) {
  Transaction transaction(database_);
  auto id = add(run, Status::queued, {}, transaction);
  transaction.commit();
  return id;
}

std::string Store::add(const Run& run, Status status, const Process& process, const Transaction&,
                       const std::optional<std::string>& wanted) {
  std::string id = wanted.value_or(new_run_id());
  while (!insert(database_, id, run, status, process)) id = new_run_id();
  describe(database_, id, run);
  return id;
}

void Store::start(std::string_view run_id, const Run& run, std::int64_t step) {
  Transaction transaction(database_);
  refuse_to_start_twice(run_id);
  // Of a run that ended with its machine nobody has written an end.
  database_
      .prepare("UPDATE runs SET ended = ?2 WHERE id = ?1 AND ended IS NULL AND status <> 'queued'")
      .with(run_id, last_sign_of_life(database_, run_id))
      .run();
  go_back(run_id, step);
  database_
      .prepare(
          "UPDATE runs SET started = iif(status = 'queued', ?2, started),"
          " resumed = iif(status = 'queued', NULL, ?2),"
          " idle = idle + iif(status = 'queued', 0, max(0, ?2 - ended)),"
          " restarts = restarts + (status <> 'queued'), status = 'running', ended = NULL,"
          " reason = NULL, host = ?3, boot_id = ?4, pid = ?5, pid_started = ?6 WHERE id = ?1")
      .with(run_id, now_ms(), run.process.host, run.process.boot_id, run.process.pid,
            run.process.started)
      .run();
  describe(database_, run_id, run);
  transaction.commit();
}

Standing Store::claim(std::string_view run_id, const Process& process) {
  Transaction transaction(database_);
  refuse_to_start_twice(run_id);
  auto run = database_.prepare(
      "SELECT status, reason, ended, host, boot_id, pid, pid_started FROM runs WHERE id = ?");
  run.with(run_id).step();
  Standing standing{run.text(0),
                    run.value(1),
                    run.value(2),
                    {run.text(3), run.text(4), run.integer(5), run.integer(6)}};
  set_standing(database_, run_id, {"running", {}, {}, process});
  transaction.commit();
  return standing;
}

void Store::give_back(std::string_view run_id, const Standing& standing) {
  set_standing(database_, run_id, standing);
}

// What came after `step` belongs to the attempt that has ended.
void Store::go_back(std::string_view run_id, std::int64_t step) {
  const auto run = [&](const char* sql) { database_.prepare(sql).with(run_id, step).run(); };
  run("INSERT INTO attempts (run_id, attempt, status, reason, ended, host, world_size, next_step,"
      " started, command) SELECT id, restarts + 1, status, reason, ended, host, world_size, ?2,"
      " ifnull(resumed, started), (SELECT command FROM documents WHERE run_id = id)"
      " FROM runs WHERE id = ?1 AND status <> 'queued'");
  run("INSERT INTO earlier_points SELECT s.run_id, r.restarts + 1, s.name, p.step, p.epoch, "
      "p.value,"
      " p.time FROM series s JOIN runs r ON r.id = s.run_id JOIN points p ON p.series_id = s.id"
      " WHERE s.run_id = ?1 AND p.step > ?2");
  delete_levels_after(database_, run_id, step);
  run("DELETE FROM points WHERE step > ?2"
      " AND series_id IN (SELECT id FROM series WHERE run_id = ?1)");
  run("DELETE FROM series WHERE run_id = ?1 AND last_step > ?2"
      " AND NOT EXISTS (SELECT 1 FROM points WHERE series_id = series.id)");
  run("UPDATE series SET (count, min_value, max_value, last_step) ="
      " (SELECT count(*), min(value), max(value), max(step) FROM points WHERE series_id = "
      "series.id)"
      " WHERE run_id = ?1 AND last_step > ?2");
  run("UPDATE series SET last_value ="
      " (SELECT value FROM points WHERE series_id = series.id AND step = series.last_step)"
      " WHERE run_id = ?1 AND ?2 = ?2");
  run("INSERT INTO earlier_matrices SELECT m.run_id, r.restarts + 1, m.name, m.step, m.epoch,"
      " m.counts, m.time FROM matrices m JOIN runs r ON r.id = m.run_id"
      " WHERE m.run_id = ?1 AND m.step > ?2");
  run("DELETE FROM matrices WHERE run_id = ?1 AND step > ?2");
  run("DELETE FROM checkpoints WHERE run_id = ?1 AND step > ?2");
}

std::vector<Checkpoint> Store::checkpoints(std::string_view run_id) {
  return read_checkpoints(database_, run_id);
}

void Store::forget_checkpoint(std::string_view run_id, std::int64_t step) {
  database_.prepare("DELETE FROM checkpoints WHERE run_id = ? AND step = ?")
      .with(run_id, step)
      .run();
}

// On another host it may run, too, for all one can see; but a job that Slurm requeues from a dead
// host leaves just that behind.
void Store::refuse_to_start_twice(std::string_view run_id) {
  auto run =
      database_.prepare("SELECT status, host, boot_id, pid, pid_started FROM runs WHERE id = ?");
  if (!run.with(run_id).step())
    throw UserError(fmt::format("there is no run {} in {}", run_id, database_.file().string()));
  const Process process{run.text(1), run.text(2), run.integer(3), run.integer(4)};
  const Process here = current_process();
  if (run.text(0) != "running" || process.host != here.host || !is_alive(process, here)) return;
  throw UserError(fmt::format("run {} is running already, in process {}", run_id, process.pid));
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

void Store::set_job(std::string_view run_id, std::string_view job_id) {
  database_.prepare("UPDATE runs SET job_id = ?2 WHERE id = ?1").with(run_id, job_id).run();
}

void Store::give_up_queued(std::string_view run_id, std::string_view reason) {
  database_
      .prepare(
          "UPDATE runs SET status = 'failed', reason = ?2, ended = ?3 WHERE id = ?1 AND status = "
          "'queued'")
      .with(run_id, reason, now_ms())
      .run();
}

std::vector<std::pair<std::string, std::string>> Store::runs_of_jobs(std::string_view this_host) {
  auto found = database_.prepare(
      "SELECT id, job_id FROM runs WHERE status = 'queued' AND job_id IS NOT NULL UNION ALL "
      "SELECT id, job_id FROM runs WHERE status = 'running' AND host <> ? AND job_id IS NOT NULL");
  found.with(this_host);
  std::vector<std::pair<std::string, std::string>> runs;
  while (found.step()) runs.emplace_back(found.text(0), found.text(1));
  return runs;
}

void Store::end_run_of_job(std::string_view run_id, std::string_view reason) {
  database_
      .prepare(
          "UPDATE runs SET status = iif(status = 'queued', 'failed', 'crashed'), reason = ?2, "
          "ended = ?3 WHERE id = ?1 AND status IN ('queued', 'running')")
      .with(run_id, reason, now_ms())
      .run();
}

void Store::set_logs(std::string_view run_id, std::string_view folder) {
  database_.prepare("UPDATE runs SET logs = ?2 WHERE id = ?1")
      .with(run_id, stored_place(database_.file(), folder))
      .run();
}

int Store::mark_crashed_runs() {
  const Process here = current_process();
  int marked = 0;
  database_.write_without_waiting([&] {
    for (const auto& [id, process] : running_on(database_, here.host)) {
      if (is_alive(process, here)) continue;
      // It may have been finished, or marked by another command, since it was read.
      database_
          .prepare(
              "UPDATE main.runs SET status = 'crashed', ended = ?, reason = ? WHERE id = ? AND"
              " status = 'running'")
          .with(last_sign_of_life(database_, id), cause_of_crash(process, here), id)
          .run();
      marked += static_cast<int>(database_.changes());
    }
  });
  return marked;
}

}  // namespace runner
