#pragma once

#include "experiments/sqlite.hpp"

#include <string>
#include <vector>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace runner {

/// The runs that a command is for: those that are named, or those that a filter lets through.
struct ChosenRuns {
  std::vector<std::string> references;
  std::string where;
};

/// The positional RUN and --where, of which one must be given.
void add_runs(CLI::App& command, ChosenRuns& runs, const std::string& about);
/// --where alone, for a command with positionals of its own.
CLI::Option* add_where(CLI::App& command, std::string& where);

enum class Archived { left_out, too };

/// Their ids, each once: as they were named, or the newest first. Archived ones are left out of a
/// filter's unless it says so. Throws UserError where none or both ways are used, for names that
/// are no runs, and for a filter that no run fulfils.
std::vector<std::string> find_runs(const Database& database, const ChosenRuns& runs,
                                   Archived archived = Archived::left_out);

}  // namespace runner
