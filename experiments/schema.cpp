#include "experiments/schema.hpp"

#include "experiments/durable.hpp"
#include "experiments/error.hpp"
#include "experiments/permissions.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace runner {
namespace {

// "rnnr" in ASCII: tells our files from other SQLite databases.
constexpr std::int64_t application_id = 0x726e6e72;

constexpr const char* first_version = R"sql(
PRAGMA application_id = 0x726e6e72;

CREATE TABLE runs (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  recipe TEXT NOT NULL,            -- path, as the user gave it
  status TEXT NOT NULL DEFAULT 'running'
    CHECK (status IN ('queued', 'running', 'done', 'failed', 'interrupted', 'crashed')),
  reason TEXT,                     -- why it ended, when it did not end well
  started INTEGER NOT NULL,        -- Unix time, ms; so are all times
  ended INTEGER,
  host TEXT NOT NULL,
  boot_id TEXT NOT NULL,
  pid INTEGER NOT NULL,
  pid_started INTEGER NOT NULL,    -- clock ticks since boot
  device TEXT,
  seed INTEGER,
  git_commit TEXT,
  git_dirty INTEGER
) WITHOUT ROWID;
CREATE INDEX runs_by_name ON runs (name);
CREATE INDEX runs_running ON runs (host) WHERE status = 'running';

-- The long texts of a run, apart so that a list of runs does not read them.
CREATE TABLE documents (
  run_id TEXT PRIMARY KEY REFERENCES runs ON DELETE CASCADE,
  recipe TEXT NOT NULL,            -- the recipe's whole text
  config TEXT NOT NULL,            -- resolved, JSON
  command TEXT NOT NULL,
  versions TEXT,                   -- JSON: library -> version
  data TEXT                        -- JSON: which data was used
) WITHOUT ROWID;

CREATE TABLE config (
  run_id TEXT NOT NULL REFERENCES runs ON DELETE CASCADE,
  path TEXT NOT NULL,              -- optimizer.lr
  value,                           -- number or text; true and false are texts
  origin TEXT NOT NULL,            -- default, file:line, override, matrix cell
  PRIMARY KEY (run_id, path)
) WITHOUT ROWID;
CREATE INDEX config_by_value ON config (path, value);

CREATE TABLE series (
  id INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL REFERENCES runs ON DELETE CASCADE,
  name TEXT NOT NULL,              -- eval/accuracy
  count INTEGER NOT NULL DEFAULT 0,
  last_step INTEGER,
  last_value REAL,                 -- NULL is NaN, here and in points
  min_value REAL,
  max_value REAL,
  UNIQUE (run_id, name)
);
CREATE INDEX series_by_value ON series (name, last_value, run_id);

CREATE TABLE points (
  series_id INTEGER NOT NULL,      -- of series; checking it as a foreign key costs a third of the speed
  step INTEGER NOT NULL,
  epoch REAL,
  value REAL,
  time INTEGER NOT NULL,
  PRIMARY KEY (series_id, step)
) WITHOUT ROWID;
CREATE INDEX points_at_epochs ON points (series_id, epoch)
  WHERE epoch > 0 AND epoch = CAST(epoch AS INTEGER);

CREATE TRIGGER points_go_with_their_series AFTER DELETE ON series
BEGIN DELETE FROM points WHERE series_id = old.id; END;

-- For readers with nothing but `sqlite3`: every point of every run.
CREATE VIEW metrics AS
SELECT s.run_id, r.name AS run_name, s.name, p.step, p.epoch, p.value, p.time
FROM series s JOIN runs r ON r.id = s.run_id JOIN points p ON p.series_id = s.id;

-- The same for runs: times as texts (UTC), duration in seconds.
CREATE VIEW overview AS
SELECT id, name, status, reason,
       strftime('%Y-%m-%dT%H:%M:%SZ', started / 1000, 'unixepoch') AS started,
       strftime('%Y-%m-%dT%H:%M:%SZ', ended / 1000, 'unixepoch') AS ended,
       (ended - started) / 1000.0 AS duration,
       host, device, seed, git_commit, git_dirty, recipe
FROM runs;
)sql";

// Runs of several ranks, and runs that wait in a queue: `started` is then the time they came there.
constexpr const char* ranks_and_jobs = R"sql(
ALTER TABLE runs ADD COLUMN world_size INTEGER;   -- ranks
ALTER TABLE runs ADD COLUMN nodes INTEGER;
ALTER TABLE runs ADD COLUMN launcher TEXT;        -- who started the ranks: self, slurm ...
ALTER TABLE runs ADD COLUMN job_id NUMERIC;       -- Slurm's: sorts as a number
ALTER TABLE runs ADD COLUMN logs TEXT;            -- the folder with what the ranks printed
ALTER TABLE runs ADD COLUMN restarts INTEGER NOT NULL DEFAULT 0;
CREATE INDEX runs_queued ON runs (id) WHERE status = 'queued';

DROP VIEW overview;
CREATE VIEW overview AS
SELECT id, name, status, reason,
       strftime('%Y-%m-%dT%H:%M:%SZ', started / 1000, 'unixepoch') AS started,
       strftime('%Y-%m-%dT%H:%M:%SZ', ended / 1000, 'unixepoch') AS ended,
       (ended - started) / 1000.0 AS duration,
       host, device, seed, git_commit, git_dirty, recipe,
       world_size, nodes, launcher, job_id, restarts, logs
FROM runs;
)sql";

// What a run can go on from, and what was before it went on.
constexpr const char* checkpoints_and_attempts = R"sql(
CREATE TABLE checkpoints (
  run_id TEXT NOT NULL REFERENCES runs ON DELETE CASCADE,
  step INTEGER NOT NULL,
  epoch REAL NOT NULL,
  folder TEXT NOT NULL,            -- absolute
  files TEXT NOT NULL,             -- JSON: [{name, bytes, sha256}]
  bytes INTEGER NOT NULL,
  measured TEXT NOT NULL,          -- JSON: metric -> value at this step
  time INTEGER NOT NULL,
  PRIMARY KEY (run_id, step)
) WITHOUT ROWID;

-- A run's attempts before the present one: how each ended, and where the next went on.
CREATE TABLE attempts (
  run_id TEXT NOT NULL REFERENCES runs ON DELETE CASCADE,
  attempt INTEGER NOT NULL,        -- from 1
  status TEXT NOT NULL,
  reason TEXT,
  ended INTEGER,
  host TEXT NOT NULL,
  world_size INTEGER,
  next_step INTEGER NOT NULL,      -- the step after which the next attempt went on
  PRIMARY KEY (run_id, attempt)
) WITHOUT ROWID;

-- Points that an attempt recorded after the step from which the next went on.
CREATE TABLE earlier_points (
  run_id TEXT NOT NULL REFERENCES runs ON DELETE CASCADE,
  attempt INTEGER NOT NULL,
  name TEXT NOT NULL,
  step INTEGER NOT NULL,
  epoch REAL,
  value REAL,
  time INTEGER NOT NULL,
  PRIMARY KEY (run_id, attempt, name, step)
) WITHOUT ROWID;
)sql";

// Counts of pairs, such as those of true and found classes, as evaluations found them. With row
// ids, since a row may be larger than a page.
constexpr const char* matrices = R"sql(
CREATE TABLE matrices (
  run_id TEXT NOT NULL REFERENCES runs ON DELETE CASCADE,
  name TEXT NOT NULL,              -- eval/confusion_matrix
  step INTEGER NOT NULL,
  epoch REAL,
  counts TEXT NOT NULL,            -- JSON: a list for each true class, with a number for each found one
  time INTEGER NOT NULL,
  PRIMARY KEY (run_id, name, step)
);

-- Those that an attempt recorded after the step from which the next went on.
CREATE TABLE earlier_matrices (
  run_id TEXT NOT NULL REFERENCES runs ON DELETE CASCADE,
  attempt INTEGER NOT NULL,
  name TEXT NOT NULL,
  step INTEGER NOT NULL,
  epoch REAL,
  counts TEXT NOT NULL,
  time INTEGER NOT NULL,
  PRIMARY KEY (run_id, attempt, name, step)
);
)sql";

// Many runs that belong together, and what is to become one of them.
constexpr const char* sweeps = R"sql(
CREATE TABLE sweeps (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  identity TEXT NOT NULL UNIQUE,   -- a hash: the same again goes on with the same sweep
  recipe TEXT NOT NULL,            -- path, as the user gave it
  recipe_text TEXT NOT NULL,
  command TEXT NOT NULL,
  metric TEXT NOT NULL,            -- what a trial is judged by
  mode TEXT NOT NULL CHECK (mode IN ('min', 'max')),
  settings TEXT NOT NULL,          -- JSON: search, prune, sweep
  wanted INTEGER NOT NULL,         -- trials
  started INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX sweeps_by_name ON sweeps (name);

-- A run of a sweep, or what is to become one. Who runs it has its lease: a process, as in runs.
CREATE TABLE trials (
  sweep_id TEXT NOT NULL REFERENCES sweeps ON DELETE CASCADE,
  number INTEGER NOT NULL,         -- from 1
  key TEXT NOT NULL,               -- a hash of config, build and data: equal trials run once
  parameters TEXT NOT NULL,        -- JSON: path -> value
  point TEXT NOT NULL,             -- JSON: in the search's space; empty without one
  status TEXT NOT NULL DEFAULT 'waiting'
    CHECK (status IN ('waiting', 'running', 'paused', 'done', 'failed', 'pruned')),
  rung INTEGER NOT NULL DEFAULT 0, -- of a pruned search: to which it runs, or has run
  run_id TEXT,                     -- given at its first start, just before the run is there
  value REAL,                      -- of the metric, when last measured
  failure TEXT,                    -- config, nan, out_of_memory, infrastructure
  reason TEXT,
  attempts INTEGER NOT NULL DEFAULT 0,
  host TEXT, boot_id TEXT, pid INTEGER, pid_started INTEGER,
  renewed INTEGER,                 -- when its holder last said that it lives
  PRIMARY KEY (sweep_id, number)
) WITHOUT ROWID;
CREATE INDEX trials_by_key ON trials (key, status);
CREATE INDEX trials_by_status ON trials (sweep_id, status, number);

CREATE TABLE rung_results (
  sweep_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  rung INTEGER NOT NULL,           -- from 0
  value REAL,                      -- NULL: it failed
  PRIMARY KEY (sweep_id, number, rung),
  FOREIGN KEY (sweep_id, number) REFERENCES trials ON DELETE CASCADE
) WITHOUT ROWID;

ALTER TABLE runs ADD COLUMN sweep TEXT;           -- the sweep that it is a trial of
CREATE INDEX runs_by_sweep ON runs (sweep) WHERE sweep IS NOT NULL;

DROP VIEW overview;
CREATE VIEW overview AS
SELECT id, name, status, reason,
       strftime('%Y-%m-%dT%H:%M:%SZ', started / 1000, 'unixepoch') AS started,
       strftime('%Y-%m-%dT%H:%M:%SZ', ended / 1000, 'unixepoch') AS ended,
       (ended - started) / 1000.0 AS duration,
       host, device, seed, git_commit, git_dirty, recipe,
       world_size, nodes, launcher, job_id, restarts, logs, sweep
FROM runs;
)sql";

// What people say of runs afterwards.
constexpr const char* annotations = R"sql(
CREATE TABLE tags (
  run_id TEXT NOT NULL REFERENCES runs ON DELETE CASCADE,
  tag TEXT NOT NULL,
  PRIMARY KEY (run_id, tag)
) WITHOUT ROWID;
CREATE INDEX tags_by_tag ON tags (tag);

ALTER TABLE runs ADD COLUMN note TEXT;
ALTER TABLE runs ADD COLUMN archived INTEGER NOT NULL DEFAULT 0;  -- lists leave it out

DROP VIEW overview;
CREATE VIEW overview AS
SELECT id, name, status, reason,
       strftime('%Y-%m-%dT%H:%M:%SZ', started / 1000, 'unixepoch') AS started,
       strftime('%Y-%m-%dT%H:%M:%SZ', ended / 1000, 'unixepoch') AS ended,
       (ended - started) / 1000.0 AS duration,
       host, device, seed, git_commit, git_dirty, recipe,
       world_size, nodes, launcher, job_id, restarts, logs, sweep,
       (SELECT group_concat(tag, ' ') FROM tags WHERE run_id = id) AS tags, note, archived
FROM runs;
)sql";

// What tells whether another run would give the same, and curves that are drawn without reading all
// their points.
constexpr const char* surroundings_and_levels = R"sql(
ALTER TABLE documents ADD COLUMN environment TEXT;  -- JSON: variable -> value, no secrets
ALTER TABLE documents ADD COLUMN git_diff TEXT;     -- what the commit does not hold

-- Neighbouring points of a series as one: 32 of them at level 1, 32 buckets of it at level 2 ...
CREATE TABLE levels (
  series_id INTEGER NOT NULL,
  level INTEGER NOT NULL,
  first_step INTEGER NOT NULL,
  last_step INTEGER NOT NULL,
  epoch REAL,                      -- of the last point, as is the time
  time INTEGER NOT NULL,
  count INTEGER NOT NULL,          -- points; numbers: those that are no NaN
  numbers INTEGER NOT NULL,
  sum REAL,
  min REAL,
  max REAL,
  PRIMARY KEY (series_id, level, first_step)
) WITHOUT ROWID;

CREATE TRIGGER levels_go_with_their_series AFTER DELETE ON series
BEGIN DELETE FROM levels WHERE series_id = old.id; END;
)sql";

// How long a run that was stopped and resumed has run, and by which commands.
constexpr const char* times_and_commands_of_attempts = R"sql(
ALTER TABLE runs ADD COLUMN resumed INTEGER;      -- when its present attempt began; NULL: the first
ALTER TABLE runs ADD COLUMN idle INTEGER NOT NULL DEFAULT 0;  -- ms between attempts
ALTER TABLE attempts ADD COLUMN started INTEGER;
ALTER TABLE attempts ADD COLUMN command TEXT;

DROP VIEW overview;
CREATE VIEW overview AS
SELECT id, name, status, reason,
       strftime('%Y-%m-%dT%H:%M:%SZ', started / 1000, 'unixepoch') AS started,
       strftime('%Y-%m-%dT%H:%M:%SZ', ended / 1000, 'unixepoch') AS ended,
       (ended - started - idle) / 1000.0 AS duration,
       host, device, seed, git_commit, git_dirty, recipe,
       world_size, nodes, launcher, job_id, restarts, logs, sweep,
       (SELECT group_concat(tag, ' ') FROM tags WHERE run_id = id) AS tags, note, archived
FROM runs;
)sql";

// Runs that were made to check something, and whose results nobody is after.
constexpr const char* purposes = R"sql(
ALTER TABLE runs ADD COLUMN purpose TEXT;         -- fast-dev-run, reproduce; NULL: its results

DROP VIEW overview;
CREATE VIEW overview AS
SELECT id, name, status, reason,
       strftime('%Y-%m-%dT%H:%M:%SZ', started / 1000, 'unixepoch') AS started,
       strftime('%Y-%m-%dT%H:%M:%SZ', ended / 1000, 'unixepoch') AS ended,
       (ended - started - idle) / 1000.0 AS duration,
       host, device, seed, git_commit, git_dirty, recipe,
       world_size, nodes, launcher, job_id, restarts, logs, sweep,
       (SELECT group_concat(tag, ' ') FROM tags WHERE run_id = id) AS tags, note, archived, purpose
FROM runs;
)sql";

// Beneath the database's folder, places are told from there, so that it can be moved whole.
constexpr const char* places_from_the_database = R"sql(
CREATE TEMP TABLE here AS
SELECT rtrim(file, replace(file, '/', '')) AS folder FROM pragma_database_list WHERE name = 'main';
UPDATE checkpoints SET folder = substr(folder, length((SELECT h.folder FROM here h)) + 1)
WHERE substr(folder, 1, length((SELECT h.folder FROM here h))) = (SELECT h.folder FROM here h);
UPDATE runs SET logs = substr(logs, length((SELECT folder FROM here)) + 1)
WHERE substr(logs, 1, length((SELECT folder FROM here))) = (SELECT folder FROM here);
DROP TABLE here;
)sql";

// In which order runs and sweeps were recorded, whatever the clock said: the time in ms, but more
// than any before. Runs of several machines so come together by time.
constexpr const char* sequences = R"sql(
ALTER TABLE runs ADD COLUMN sequence INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sweeps ADD COLUMN sequence INTEGER NOT NULL DEFAULT 0;
UPDATE runs SET sequence = o.sequence FROM (SELECT id, max(started) OVER (ORDER BY id)
  + row_number() OVER (ORDER BY id) AS sequence FROM runs) o WHERE o.id = runs.id;
UPDATE sweeps SET sequence = o.sequence FROM (SELECT id, max(started) OVER (ORDER BY id)
  + row_number() OVER (ORDER BY id) AS sequence FROM sweeps) o WHERE o.id = sweeps.id;
CREATE INDEX runs_by_sequence ON runs (sequence, id, archived);
CREATE INDEX sweeps_by_sequence ON sweeps (sequence);

DROP VIEW overview;
CREATE VIEW overview AS
SELECT id, name, status, reason,
       strftime('%Y-%m-%dT%H:%M:%SZ', started / 1000, 'unixepoch') AS started,
       strftime('%Y-%m-%dT%H:%M:%SZ', ended / 1000, 'unixepoch') AS ended,
       (ended - started - idle) / 1000.0 AS duration,
       host, device, seed, git_commit, git_dirty, recipe,
       world_size, nodes, launcher, job_id, restarts, logs, sweep,
       (SELECT group_concat(tag, ' ') FROM tags WHERE run_id = id) AS tags, note, archived, purpose,
       sequence
FROM runs;
)sql";

constexpr std::array steps_until_now = {first_version,
                                        ranks_and_jobs,
                                        checkpoints_and_attempts,
                                        matrices,
                                        sweeps,
                                        annotations,
                                        surroundings_and_levels,
                                        times_and_commands_of_attempts,
                                        purposes,
                                        places_from_the_database,
                                        sequences};

void refuse_if_newer(const Database& database, std::int64_t version, std::int64_t known) {
  if (version <= known) return;
  throw StoreError(
      fmt::format("{} was written by a newer runner (schema {}; this one knows {}): update runner, "
                  "or name another database with --db",
                  database.file().string(), version, known));
}

/// A whole copy, as it was, beside the file; once for each version.
void back_up(const Database& database, std::int64_t version) {
  const auto file = database.file().string();
  const auto copy = fmt::format("{}.schema{}.backup", file, version);
  if (std::filesystem::exists(copy)) return;
  const auto unfinished = copy + ".part";
  std::error_code ignored;
  std::filesystem::remove(unfinished, ignored);
  make_file(unfinished);
  // Another connection: this one holds the lock that keeps writers away.
  Database(file, Database::Open::existing).prepare("VACUUM INTO ?").with(unfinished).run();
  make_durable(unfinished);
  std::filesystem::rename(unfinished, copy);
  make_names_durable(std::filesystem::absolute(copy).parent_path());
}

struct SchemaObject {
  std::string name, sql;
};

std::vector<SchemaObject> objects_of(const Database& database, std::string_view type) {
  auto row = database.prepare(
      "SELECT name, sql FROM main.sqlite_schema WHERE type = ? AND name NOT LIKE 'sqlite_%'");
  row.with(type);
  std::vector<SchemaObject> found;
  while (row.step()) found.push_back({row.text(0), row.text(1)});
  return found;
}

/// A table's columns, and what each is where nothing was written.
std::vector<SchemaObject> described_columns(const Database& database, const std::string& table) {
  auto row = database.prepare(
      "SELECT name, ifnull(dflt_value, 'NULL') FROM pragma_table_info(?, 'main') ORDER BY cid");
  row.with(table);
  std::vector<SchemaObject> found;
  while (row.step()) found.push_back({row.text(0), row.text(1)});
  return found;
}

/// CREATE TABLE or VIEW, for this connection alone.
std::string temporary(const std::string& sql) {
  constexpr std::string_view create = "CREATE ";
  return "CREATE TEMP " + sql.substr(create.size());
}

void read_table_as_todays(const Database& database, const SchemaObject& table,
                          const std::vector<SchemaObject>& columns) {
  const auto there = described_columns(database, table.name);
  if (there.empty()) return database.execute(temporary(table.sql));
  std::string list;
  for (const auto& [column, otherwise] : columns) {
    const bool is_there = std::ranges::find(there, column, &SchemaObject::name) != there.end();
    list +=
        fmt::format("{}{} AS {}", list.empty() ? "" : ", ", is_there ? column : otherwise, column);
  }
  if (there.size() < columns.size())
    database.execute(
        fmt::format("CREATE TEMP VIEW {} AS SELECT {} FROM main.{}", table.name, list, table.name));
}

}  // namespace

bool is_todays(const Database& database) {
  return database.integer("PRAGMA user_version") == std::ssize(schema_steps());
}

void read_as_todays(const Database& database) {
  refuse_newer(database);
  if (is_todays(database)) return;
  Database todays(":memory:", Database::Open::create);
  migrate(todays);
  for (const auto& table : objects_of(todays, "table"))
    read_table_as_todays(database, table, described_columns(todays, table.name));
  for (const auto& view : objects_of(todays, "view")) database.execute(temporary(view.sql));
}

void refuse_foreign(const Database& database) {
  // In this order: a database that another process is just making has either no table or our mark.
  if (database.integer("SELECT count(*) FROM sqlite_schema") == 0) return;
  if (database.integer("PRAGMA application_id") == application_id) return;
  throw StoreError(
      fmt::format("{} is an SQLite database, but not one of runs", database.file().string()));
}

void refuse_newer(const Database& database) {
  refuse_if_newer(database, database.integer("PRAGMA user_version"), std::ssize(schema_steps()));
}

bool is_of_runs(const std::filesystem::path& file) try {
  std::error_code none;
  return std::filesystem::is_regular_file(file, none) &&
         Database(file, Database::Open::read).integer("PRAGMA application_id") == application_id;
} catch (const StoreError&) {
  return false;  // no SQLite file
}

std::span<const char* const> schema_steps() { return steps_until_now; }

void migrate(Database& database, std::span<const char* const> steps) {
  const auto version = [&] { return database.integer("PRAGMA user_version"); };
  const auto wanted = static_cast<std::int64_t>(steps.size());
  const auto before = version();
  refuse_if_newer(database, before, wanted);
  while (version() < wanted) {
    Transaction transaction(database);
    // Another process may have done this step while this one waited for the lock.
    const auto from = version();
    refuse_if_newer(database, from, wanted);
    if (from == wanted) return;
    if (from == before && from > 0) back_up(database, from);
    database.execute(steps[static_cast<std::size_t>(from)]);
    database.execute(fmt::format("PRAGMA user_version = {}", from + 1));
    transaction.commit();
  }
}

}  // namespace runner
