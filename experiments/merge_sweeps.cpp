#include "experiments/merge_sweeps.hpp"

#include "experiments/copy_rows.hpp"
#include "experiments/id.hpp"

#include <optional>
#include <string>
#include <vector>

namespace runner {
namespace {

std::optional<std::string> first_text(Statement select) {
  if (!select.step() || select.is_null(0)) return std::nullopt;
  return select.text(0);
}

struct SweepIds {
  std::string theirs, identity;
};

std::string free_sweep_id(const Database& database, std::string id) {
  const auto is_taken = [&] {
    auto select = database.prepare("SELECT 1 FROM main.sweeps WHERE id = ?");
    return select.with(id).step();
  };
  while (is_taken()) id = next_run_id(id);
  return id;
}

struct OtherTrial {
  std::string sweep, here;  // the sweep's id there and here
  bool sweep_is_new;
  std::int64_t number;
  std::string key;
  bool is_searched, waits;
  std::optional<std::string> run;  // as it is called here
  bool run_is_further;
};

std::vector<OtherTrial> other_trials(const Database& database) {
  auto row = database.prepare(
      "SELECT s.theirs, s.ours, s.is_new, t.number, t.key, t.point <> '', t.status = 'waiting',"
      " ifnull(m.ours, t.run_id), ifnull(m.action <> 'stay', 0)"
      " FROM temp.sweep_ids s JOIN other.trials t ON t.sweep_id = s.theirs"
      " LEFT JOIN temp.run_ids m ON m.theirs = t.run_id ORDER BY s.theirs, t.number");
  std::vector<OtherTrial> found;
  while (row.step())
    found.push_back({row.text(0), row.text(1), row.integer(2) != 0, row.integer(3), row.text(4),
                     row.integer(5) != 0, row.integer(6) != 0,
                     row.is_null(7) ? std::nullopt : std::optional(row.text(7)),
                     row.integer(8) != 0});
  return found;
}

/// Writes trials of the other under numbers of ours.
class TrialMerge {
 public:
  explicit TrialMerge(const Database& database)
      : database_(database),
        trial_(database.prepare(
            copy_rows(database, "trials", {{"sweep_id", "?1"}, {"number", "?2"}, {"run_id", "?3"}},
                      "FROM other.trials t WHERE t.sweep_id = ?4 AND t.number = ?5"))),
        rungs_(database.prepare(
            copy_rows(database, "rung_results", {{"sweep_id", "?1"}, {"number", "?2"}},
                      "FROM other.rung_results t WHERE t.sweep_id = ?3 AND t.number = ?4"))) {}

  void merge(const OtherTrial& trial) {
    if (trial.sweep_is_new) return put(trial, trial.number);
    if (const auto number = of_run(trial)) {
      if (trial.run_is_further) put(trial, *number);
      return;
    }
    auto same = database_.prepare(
        "SELECT number, status = 'waiting' AND run_id IS NULL FROM main.trials"
        " WHERE sweep_id = ? AND key = ? ORDER BY 2 DESC, number = ? DESC LIMIT 1");
    if (!same.with(trial.here, trial.key, trial.number).step())
      return put(trial, free_number(trial));
    if (same.integer(1) && !trial.waits) return put(trial, same.integer(0));
    // A search may try something twice, a matrix does not.
    if (!same.integer(1) && trial.is_searched && trial.run) put(trial, free_number(trial));
  }

 private:
  std::optional<std::int64_t> of_run(const OtherTrial& trial) const {
    auto select =
        database_.prepare("SELECT number FROM main.trials WHERE sweep_id = ? AND run_id = ?");
    if (!trial.run || !select.with(trial.here, *trial.run).step()) return std::nullopt;
    return select.integer(0);
  }

  std::int64_t free_number(const OtherTrial& trial) const {
    auto select = database_.prepare(
        "SELECT iif(sum(number = ?2) > 0, max(number) + 1, ?2) FROM main.trials WHERE sweep_id = "
        "?1");
    return select.with(trial.here, trial.number).step() ? select.integer(0) : trial.number;
  }

  void put(const OtherTrial& trial, std::int64_t number) {
    database_.prepare("DELETE FROM main.trials WHERE sweep_id = ? AND number = ?")
        .with(trial.here, number)
        .run();
    trial_.with(trial.here, number, trial.run, trial.sweep, trial.number).run();
    rungs_.with(trial.here, number, trial.sweep, trial.number).run();
  }

  const Database& database_;
  Statement trial_, rungs_;
};

}  // namespace

void merge_sweeps(const Database& database) {
  database.execute(
      "CREATE TEMP TABLE IF NOT EXISTS sweep_ids"
      " (theirs TEXT PRIMARY KEY, ours TEXT NOT NULL, is_new INTEGER NOT NULL);"
      "DELETE FROM temp.sweep_ids");
  std::vector<SweepIds> sweeps;
  auto row = database.prepare("SELECT id, identity FROM other.sweeps ORDER BY id");
  while (row.step()) sweeps.push_back({row.text(0), row.text(1)});
  auto insert = database.prepare("INSERT INTO temp.sweep_ids VALUES (?, ?, ?)");
  for (const auto& [theirs, identity] : sweeps) {
    const auto here = first_text(std::move(
        database.prepare("SELECT id FROM main.sweeps WHERE identity = ?").with(identity)));
    insert.with(theirs, here ? *here : free_sweep_id(database, theirs), std::int64_t{!here}).run();
    if (!here)
      database
          .prepare(copy_rows(database, "sweeps",
                             {{"id", "(SELECT ours FROM temp.sweep_ids WHERE theirs = t.id)"}},
                             "FROM other.sweeps t WHERE t.id = ?"))
          .with(theirs)
          .run();
  }
}

void merge_trials(const Database& database) {
  const auto all = other_trials(database);
  TrialMerge trials(database);
  for (const auto& trial : all) trials.merge(trial);
}

}  // namespace runner
