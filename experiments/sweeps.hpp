#pragma once

#include "experiments/sqlite.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace runner {

/// Many runs that belong together: those of a matrix, or those that a search chooses.
struct Sweep {
  std::string id = {};
  std::string name;
  std::string identity;  ///< what is started with the same again goes on with this sweep
  std::string recipe_path;
  std::string recipe_text;
  std::string command;
  std::string metric;       ///< what a trial is judged by
  std::string mode;         ///< "min" or "max": what of it is better
  std::string settings;     ///< JSON: search, prune, sweep
  std::int64_t wanted = 0;  ///< trials
  std::int64_t started = 0;
};

/// Gives the id of the sweep of that identity, new or not; its command and what is wanted of it are
/// the newest.
std::string begin_sweep(const Database& database, const Sweep& sweep);
/// By its id, a name (its latest), the beginning of an id, or `last`; empty where there is none or
/// several.
std::optional<Sweep> sweep_of(const Database& database, std::string_view reference);
/// The same. Throws UserError that names the candidates.
Sweep find_sweep(const Database& database, std::string_view reference);
/// Empty where none was begun with it.
std::optional<Sweep> sweep_of_identity(const Database& database, std::string_view identity);
/// The newest first.
std::vector<Sweep> read_sweeps(const Database& database);

}  // namespace runner
