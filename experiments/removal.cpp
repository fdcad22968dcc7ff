#include "experiments/removal.hpp"

#include "experiments/error.hpp"
#include "experiments/folder_copy.hpp"
#include "experiments/id.hpp"
#include "experiments/location.hpp"
#include "experiments/permissions.hpp"
#include "experiments/schema.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace runner {
namespace {

namespace fs = std::filesystem;

Freed size_of(const fs::path& path) {
  Freed found;
  std::error_code ignored;
  const auto add = [&](const fs::directory_entry& entry) {
    if (entry.is_symlink(ignored) || !entry.is_regular_file(ignored)) return;
    ++found.files;
    found.bytes += static_cast<std::int64_t>(entry.file_size(ignored));
  };
  if (!fs::is_directory(path, ignored)) {
    if (fs::exists(path, ignored)) add(fs::directory_entry(path, ignored));
    return found;
  }
  for (const auto& entry : fs::recursive_directory_iterator(path, ignored)) add(entry);
  return found;
}

Freed take_away(const fs::path& path) {
  auto freed = size_of(path);
  std::error_code error;
  fs::remove_all(path, error);
  if (error) throw StoreError(fmt::format("cannot remove {}: {}", path.string(), error.message()));
  return freed;
}

/// The folders in which a database keeps files of its runs, each under the run's id.
std::vector<fs::path> folders_beside(const fs::path& database) {
  return {logs_beside(database), checkpoints_beside(database)};
}

/// What `submit` has written of a run: the job's script, and the secret of its ranks.
constexpr std::array endings_of_submit{".sbatch", ".secret"};

bool is_of_submit(const fs::path& place) {
  return std::ranges::find(endings_of_submit, place.extension()) != endings_of_submit.end();
}

/// A run that was recorded with another database's folder keeps its files where they are.
std::vector<fs::path> places_of(const Database& database, std::string_view run_id) {
  std::vector<fs::path> found;
  if (!is_run_id(run_id)) return found;
  for (const auto& folder : folders_beside(database.file()))
    if (fs::exists(folder / run_id)) found.push_back(folder / run_id);
  for (const auto* ending : endings_of_submit)
    if (const auto file = scripts_beside(database.file()) / fmt::format("{}{}", run_id, ending);
        fs::exists(file))
      found.push_back(file);
  return found;
}

std::set<std::string> texts(const Database& database, const char* sql) {
  auto select = database.prepare(sql);
  std::set<std::string> found;
  while (select.step()) found.insert(select.text(0));
  return found;
}

/// What must stay.
struct Referenced {
  std::set<std::string> runs, checkpoints, unfinished;

  void add(const Database& database) {
    runs.merge(texts(database, "SELECT id FROM runs"));
    const bool has_checkpoints =
        database.integer("SELECT count(*) FROM sqlite_schema WHERE name = 'checkpoints'") > 0;
    // Links may lead to the same folder by another name.
    if (has_checkpoints)
      for (const auto& folder : texts(database, "SELECT folder FROM checkpoints"))
        checkpoints.insert(fs::weakly_canonical(place_of(database.file(), folder)).string());
    unfinished.merge(texts(database, "SELECT id FROM runs WHERE status IN ('running', 'queued')"));
  }
};

/// Of all databases of runs in the folder: they share its logs and checkpoints.
Referenced referenced_in(const fs::path& folder) {
  Referenced found;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (!is_of_runs(entry.path())) continue;
    Database database(entry.path(), Database::Open::read);
    refuse_newer(database);
    found.add(database);
  }
  return found;
}

std::vector<fs::path> entries_of(const fs::path& folder) {
  std::error_code ignored;
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) found.push_back(entry.path());
  return found;
}

/// Without the ending of what was never whole.
std::string whole_name(const fs::path& place) {
  return (place.extension() == ".tmp" ? place.stem() : place.filename()).string();
}

constexpr std::int64_t ms_of_a_day = 24 * 60 * 60 * 1000;

fs::path trash_beside(const fs::path& home) { return home / "trash"; }

/// Names sort as their times do.
std::string name_of_moment(std::int64_t ms) {
  return fmt::format("{:%Y-%m-%dT%H-%M-%S}Z", fmt::gmtime(ms / 1000));
}

bool is_moment(std::string_view name) {
  constexpr std::string_view form = "0000-00-00T00-00-00Z";
  return std::ranges::equal(name, form, [](char letter, char formed) {
    return formed == '0' ? letter >= '0' && letter <= '9' : letter == formed;
  });
}

void forget_in_trials(const Database& database, std::string_view run_id) {
  database
      .prepare(
          "DELETE FROM rung_results WHERE EXISTS (SELECT 1 FROM trials t WHERE t.run_id = ?"
          " AND t.sweep_id = rung_results.sweep_id AND t.number = rung_results.number)")
      .with(run_id)
      .run();
  database
      .prepare(
          "UPDATE trials SET status = 'waiting', run_id = NULL, value = NULL, rung = 0,"
          " failure = NULL, reason = NULL, attempts = 0 WHERE run_id = ?")
      .with(run_id)
      .run();
}

}  // namespace

bool is_checkpoint(const fs::path& place) {
  const auto name = whole_name(place);
  return name.starts_with("step-") && name.size() > 5 &&
         name.find_first_not_of("0123456789", 5) == name.npos;
}

Freed& Freed::operator+=(const Freed& other) {
  files += other.files;
  bytes += other.bytes;
  return *this;
}

Freed files_of(const Database& database, std::string_view run_id) {
  Freed found;
  for (const auto& place : places_of(database, run_id)) found += size_of(place);
  return found;
}

Freed delete_run(Store& store, std::string_view run_id) {
  const auto& database = store.database();
  const auto places = places_of(database, run_id);
  Transaction transaction(database);
  auto run = database.prepare("SELECT status FROM runs WHERE id = ?");
  if (run.with(run_id).step() && (run.text(0) == "running" || run.text(0) == "queued"))
    throw UserError(
        fmt::format("run {} is {}; end it first: runner stop {}", run_id, run.text(0), run_id));
  while (run.step()) {
  }
  forget_in_trials(database, run_id);
  database.prepare("DELETE FROM runs WHERE id = ?").with(run_id).run();
  transaction.commit();
  Freed freed;
  for (const auto& place : places) freed += take_away(place);
  return freed;
}

std::vector<fs::path> find_garbage(const Database& database) {
  const auto file = fs::absolute(database.file()).lexically_normal();
  // Files first: what a run has made since is not among them, and what it made before it names.
  std::vector<fs::path> of_runs, of_checkpoints;
  for (const auto& folder : folders_beside(file))
    for (auto& entry : entries_of(folder))
      if (is_run_id(whole_name(entry))) of_runs.push_back(std::move(entry));
  for (const auto& folder : of_runs)
    if (folder.parent_path() == checkpoints_beside(file))
      std::ranges::copy_if(entries_of(folder), std::back_inserter(of_checkpoints), is_checkpoint);
  for (auto& entry : entries_of(scripts_beside(file)))
    if (is_of_submit(entry) && is_run_id(entry.stem().string()))
      of_runs.push_back(std::move(entry));
  const auto referenced = referenced_in(file.parent_path());
  std::vector<fs::path> garbage;
  std::ranges::copy_if(of_runs, std::back_inserter(garbage), [&](const fs::path& place) {
    const auto id = is_of_submit(place) ? place.stem() : place.filename();
    return !referenced.runs.contains(id.string());
  });
  std::ranges::copy_if(of_checkpoints, std::back_inserter(garbage), [&](const fs::path& place) {
    const auto id = place.parent_path().filename().string();
    return referenced.runs.contains(id) && !referenced.unfinished.contains(id) &&
           !referenced.checkpoints.contains(fs::weakly_canonical(place).string());
  });
  std::erase_if(garbage, is_being_copied);
  std::ranges::sort(garbage);
  return garbage;
}

Freed put_into_trash(const Database& database, const std::vector<fs::path>& garbage) {
  Freed moved;
  const auto home = fs::absolute(database.file()).lexically_normal().parent_path();
  const auto trash = trash_beside(home) / name_of_moment(now_ms());
  const Transaction nobody_writes(database);
  const auto still = find_garbage(database);
  for (const auto& place : garbage) {
    if (!std::ranges::binary_search(still, place)) continue;
    const auto to = trash / place.lexically_relative(home);
    moved += size_of(place);
    std::error_code error;
    make_folder(to.parent_path(), error);
    if (!error) fs::rename(place, to, error);
    if (error)
      throw StoreError(
          fmt::format("cannot move {} to {}: {}", place.string(), to.string(), error.message()));
  }
  return moved;
}

std::vector<fs::path> old_trash(const Database& database, int days) {
  const auto before = name_of_moment(now_ms() - days * ms_of_a_day);
  std::vector<fs::path> old;
  for (const auto& entry : entries_of(trash_beside(fs::absolute(database.file()).parent_path())))
    if (const auto name = entry.filename().string(); is_moment(name) && name <= before)
      old.push_back(entry);
  return old;
}

Freed size_of(const std::vector<fs::path>& places) {
  Freed all;
  for (const auto& place : places) all += size_of(place);
  return all;
}

Freed delete_trash(const std::vector<fs::path>& trash) {
  Freed freed;
  for (const auto& each : trash) freed += take_away(each);
  return freed;
}

Freed compact(const Database& database) {
  const auto before = size_of(database.file());
  database.execute("VACUUM");
  database.execute("PRAGMA wal_checkpoint(TRUNCATE)");
  return {0, std::max<std::int64_t>(0, before.bytes - size_of(database.file()).bytes)};
}

}  // namespace runner
