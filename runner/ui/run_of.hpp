#pragma once

#include "experiments/sqlite.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace runner::ui {

/// The id of a run by its id, its beginning, a name or `last`. Throws NotFound.
std::string run_of(const Database& database, std::string_view reference);

/// The same for a list, `a,b,c`. Throws UserError for none and for more than 50.
std::vector<std::string> runs_of(const Database& database, const std::string& references);

}  // namespace runner::ui
