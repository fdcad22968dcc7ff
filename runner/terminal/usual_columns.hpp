#pragma once

#include "experiments/sqlite.hpp"

#include <string>
#include <vector>

namespace runner {

/// What a list of runs shows unless something else is asked for.
std::vector<std::string> usual_columns(const Database& database);

}  // namespace runner
