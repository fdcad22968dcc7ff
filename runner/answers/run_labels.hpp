#pragma once

#include "experiments/sqlite.hpp"

#include <string>
#include <vector>

namespace runner {

/// What tells these runs apart in a legend: their names; where some share one, what their configs
/// do not share (`mnist: optimizer.lr 0.3`), or the id where that is much or nothing.
std::vector<std::string> run_labels(const Database& database, const std::vector<std::string>& ids);

}  // namespace runner
