#pragma once

#include "experiments/sqlite.hpp"
#include "runner/ui/message.hpp"

#include <filesystem>
#include <string>

namespace runner::ui {

struct ApiSettings {
  const std::filesystem::path& database;
  bool read_only = false;
};

/// What an endpoint is given. The database is open for reading only, unless something is changed.
struct Call {
  const Database& database;
  const Query& query;
  std::string id;  ///< what stands behind `/api/run/`
  const Json& body;
  bool read_only;
};

/// Answers what is asked under `/api/`. Throws NotFound, UserError or StoreError.
Response api_response(const Request& request, const ApiSettings& settings);

// Lists of runs: listing_api.cpp.

/// where, sort, columns, limit, offset; with group and value, those of one group.
Json runs(const Call& call);
/// where, group, columns: each group's value, number of runs, and the columns' means and extremes.
Json groups(const Call& call);
/// All names that can be shown, sorted and grouped by.
Json columns(const Call& call);

// One run: run_api.cpp.

/// What `runner show --json` prints, with its annotations.
Json run(const Call& call);
/// run, rank, from: a part of what a rank has printed; from = -1 is the newest part.
Json log(const Call& call);
/// run, name, step
Json matrix(const Call& call);

// Curves and comparisons: curves_api.cpp, compare_api.cpp.

/// runs, metric, first_step, last_step, points: a list for each column, NaN as null.
Json curves(const Call& call);
/// runs: their names, and those of all metrics that any of them has.
Json metrics(const Call& call);
/// runs: config paths with those that differ first, then metrics.
Json compare(const Call& call);

// Sweeps: sweeps_api.cpp.

Json sweeps(const Call& call);
/// metric, mode: what `runner sweep show --json` prints.
Json sweep(const Call& call);

// edit_api.cpp

/// name, note, archived, add_tags, remove_tags, each where it is to change; gives what is there
/// now.
Json edit(const Call& call);

// about_api.cpp

/// Which program and database this is.
Json about(const Call& call);

}  // namespace runner::ui
