#pragma once

#include "experiments/sqlite.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace runner {

struct ListRequest {
  std::string where = {};  // a filter; empty for all
  std::string sort = {};   // names, separated by commas, each with a - to have the greatest first
  std::vector<std::string> columns = {};
  std::int64_t limit = 20;  // 0 for all
  bool archived = false;    // those, too; a filter that names `archived` decides by itself
  std::int64_t offset = 0;  // runs to pass over
  /// Only those with this value of this name; a missing one is a value, too.
  std::optional<std::pair<std::string, Value>> group = {};
};

struct Listing {
  std::vector<std::vector<Value>>
      rows;                // a value for each column; times in ms, durations in seconds
  std::int64_t total = 0;  // runs that the filter lets through
  std::vector<std::string> notes = {};  ///< of names that hide a metric
};

/// Runs, the newest first unless sorted otherwise; what lacks a sort key comes last. Throws
/// UserError for a name that no run in the database has. Never touches the points.
Listing list_runs(const Database& database, const ListRequest& request);

/// The names among these that any run in the database has.
std::vector<std::string> known_names(const Database& database,
                                     const std::vector<std::string>& names);

/// All that a run in the database has: its columns, and what some run has of the others.
struct Names {
  std::vector<std::string> columns;
  std::vector<std::string> settings;  ///< config paths
  std::vector<std::string> metrics;
};

/// Its time grows with the number of names, not with that of runs.
Names all_names(const Database& database);

/// How a metric is asked for: `last(loss)` where a setting or column of its name hides it, a name
/// with blanks or signs in double quotes.
std::string metric_as_written(const Database& database, const std::string& metric);

/// `a, "b, c",at(d, 1)` as its parts: a comma within quotes or parentheses parts nothing.
std::vector<std::string> split_names(const std::string& list);

}  // namespace runner
