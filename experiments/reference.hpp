#pragma once

#include "experiments/sqlite.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace runner {

/// The id of the run that a user means: its id, `last` for the one that was recorded last, a name
/// for the latest of that name, or the beginning of one id. Runs with a purpose, which only check,
/// are meant by `last` and by name where there is no other. The run `except` is never meant. Throws
/// UserError that names the candidates.
std::string find_run(const Database& database, std::string_view reference,
                     std::string_view except = {});

/// Those that a user means, in that order and each once.
std::vector<std::string> find_runs(const Database& database,
                                   const std::vector<std::string>& references);

/// Empty where there is no such run.
std::string name_of(const Database& database, std::string_view run_id);

}  // namespace runner
