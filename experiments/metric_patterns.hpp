#pragma once

#include "experiments/sqlite.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace runner {

/// The metrics that any of the runs has a point of, in the order of their names.
std::vector<std::string> metrics_of(const Database& database, const std::vector<std::string>& runs);

/// Whether a metric is meant by a pattern: its name, also in double quotes, or `eval/*`.
bool fits(const std::string& pattern, const std::string& metric);

/// The known metrics that are meant, each once, pattern by pattern. Throws UserError for a pattern
/// that means none of what so many runs have, with the nearest name.
std::vector<std::string> metrics_meant(const std::vector<std::string>& patterns,
                                       const std::vector<std::string>& known, std::size_t runs);

}  // namespace runner
