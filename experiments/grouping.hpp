#pragma once

#include "experiments/listing.hpp"

#include <cmath>

namespace runner {

/// The numbers of one column over a group's runs; all NaN where it has none.
struct Spread {
  std::int64_t count = 0;
  double mean = NAN, min = NAN, max = NAN;
};

/// Runs that have the same values of some names.
struct Group {
  std::vector<Value> values;  ///< of those names
  std::int64_t runs = 0;
  std::vector<Spread> spreads;  ///< of the request's columns
};

struct Grouping {
  std::vector<Group> groups;
  std::vector<std::string> notes;  ///< of names that hide a metric
};

/// The runs of a request in groups, in the order of their values; its limit, offset and sort are
/// of no matter. Throws UserError for a name that no run in the database has.
Grouping group_runs(const Database& database, ListRequest request,
                    const std::vector<std::string>& names);

}  // namespace runner
