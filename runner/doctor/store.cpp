#include "experiments/error.hpp"
#include "experiments/location.hpp"
#include "experiments/process.hpp"
#include "experiments/schema.hpp"
#include "experiments/sqlite.hpp"
#include "runner/doctor/check.hpp"
#include "runner/doctor/read.hpp"
#include "runner/launch/shell_command.hpp"
#include "runner/terminal/number.hpp"

#include <array>

#include <fmt/format.h>

namespace runner::doctor {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t large_log = 100'000'000, little_space = 1'000'000'000;
/// Above it only what is read fast is checked: every page, and not every index's entries.
constexpr std::int64_t large_database = 200'000'000;

std::int64_t size_of(const fs::path& file) {
  std::error_code missing;
  const auto size = fs::file_size(file, missing);
  return missing ? 0 : static_cast<std::int64_t>(size);
}

/// As SQLite's own shell takes it.
std::string sqlite(const fs::path& file, const std::string& rest) {
  return fmt::format("sqlite3 {} {}", shell_command({file.string()}), rest);
}

/// What is left of a damaged database, in a new one.
std::string recovery(const fs::path& file) {
  return sqlite(file, ".recover | sqlite3 " + shell_command({file.string() + ".recovered"}));
}

/// What helps against what was found; nothing against a lock.
std::string mend(const fs::path& file, const std::string& found) {
  if (!is_of_runs(file)) return "runner doctor --db FILE    (another one)";
  return found.find(" is damaged: ") == found.npos ? "" : recovery(file);
}

Check place_of(const fs::path& file) {
  const bool network = on_network_filesystem(file.parent_path());
  auto text = fmt::format("{}, {}{}", file.string(), bytes(size_of(file)),
                          network ? ", on a network file system" : "");
  if (!may_write(file.parent_path()))
    return {"store", "database", Health::problem, text + ": its folder cannot be written",
            fmt::format("chmod u+rwx {}    (or: {})", shell_command({file.parent_path().string()}),
                        "export RUNNER_DB=FILE")};
  if (const auto space = free_space(file.parent_path()); space && *space < little_space)
    return {"store", "database", Health::warning,
            fmt::format("{}: only {} are free", text, bytes(*space)), "runner gc"};
  return {"store", "database", Health::ok, text};
}

/// Where a folder cannot be written, often nobody may change that: a read-only file system, another
/// user's folder.
constexpr auto another_place = "export RUNNER_DB=FILE    (in a folder that can be written)";

Check none_yet(const fs::path& file) {
  if (may_write(file.parent_path()))
    return {"store", "database", Health::ok,
            fmt::format("none yet: a first run makes {}", file.string())};
  return {"store", "database", Health::problem,
          fmt::format("none yet, and {} cannot be written: no run can be recorded",
                      existing(file.parent_path()).string()),
          another_place};
}

Check schema(const Database& database) {
  refuse_foreign(database);
  const auto version = database.integer("PRAGMA user_version");
  const auto known = static_cast<std::int64_t>(schema_steps().size());
  if (version > known)
    return {"store", "schema", Health::problem,
            fmt::format("version {}, of a newer runner; this one knows {}", version, known),
            "git pull && ./dev install"};
  if (version < known)
    return {"store", "schema", Health::ok,
            fmt::format("version {}, which the next command brings to {}", version, known)};
  return {"store", "schema", Health::ok, fmt::format("version {}", version)};
}

Check integrity(const Database& database) {
  const bool large = size_of(database.file()) > large_database;
  const auto* kind = large ? "quick_check" : "integrity_check";
  auto row = database.prepare(fmt::format("PRAGMA {}(3)", kind));
  std::string found;
  while (row.step()) found += (found.empty() ? "" : "; ") + row.text(0);
  if (found == "ok") return {"store", "integrity", Health::ok, fmt::format("whole, by {}", kind)};
  for (auto& letter : found)
    if (letter == '\n') letter = ' ';
  return {"store", "integrity", Health::problem, found, recovery(database.file())};
}

Check log(const fs::path& file) {
  const auto size = size_of(file.string() + "-wal");
  if (size < large_log) return {"store", "write-ahead log", Health::ok, bytes(size)};
  return {"store", "write-ahead log", Health::warning,
          bytes(size) + ": no process has tidied it up",
          sqlite(file, "'PRAGMA wal_checkpoint(TRUNCATE)'")};
}

/// Runs whose process has ended without a word.
Check lost_runs(const Database& database) {
  const auto here = current_process();
  auto row = database.prepare(
      "SELECT id, host, boot_id, pid, pid_started FROM runs WHERE status = 'running' ORDER BY id");
  std::string lost;
  int alive = 0, elsewhere = 0;
  while (row.step()) {
    const Process process{row.text(1), row.text(2), row.integer(3), row.integer(4)};
    if (process.host != here.host)
      ++elsewhere;
    else if (is_alive(process, here))
      ++alive;
    else
      lost += (lost.empty() ? "" : ", ") + row.text(0);
  }
  if (!lost.empty())
    return {"store", "runs", Health::warning, "said to run, but their processes are gone: " + lost,
            "runner list    (marks them as crashed; then runner resume RUN)"};
  return {
      "store", "runs", Health::ok,
      fmt::format("{}, of which {} running{}", database.integer("SELECT count(*) FROM runs"), alive,
                  elsewhere ? fmt::format(" and {} said to run on other hosts", elsewhere) : "")};
}

struct Look {
  const char* name;
  Check (*check)(const Database&);
};

/// Where one finds that nothing can be read, the next would say the same.
constexpr std::array looks{Look{"schema", schema}, Look{"integrity", integrity},
                           Look{"runs", lost_runs}};

}  // namespace

Checks check_store(const Place& place) {
  const auto file = find_database(place.database);
  std::error_code unreadable;
  const auto status = fs::status(file, unreadable);
  if (status.type() == fs::file_type::not_found) return {none_yet(file)};
  if (unreadable)
    return {{"store", "database", Health::problem,
             fmt::format("{}: {}", file.string(), unreadable.message()), another_place}};
  if (fs::is_directory(status))
    return {{"store", "database", Health::problem, file.string() + " is a folder",
             mend(file, "is a folder")}};
  Checks checks{place_of(file), check_permissions(file), log(file)};
  const auto* name = "readable";
  try {
    const Database database(file, Database::Open::existing);
    for (const auto& look : looks) {
      name = look.name;
      checks.push_back(look.check(database));
    }
  } catch (const StoreError& error) {
    checks.push_back({"store", name, Health::problem, error.what(), mend(file, error.what())});
  }
  return checks;
}

}  // namespace runner::doctor
