#include "runner/commands/chosen_runs.hpp"

#include "experiments/error.hpp"
#include "experiments/listing.hpp"
#include "experiments/reference.hpp"
#include "experiments/say.hpp"
#include "registry/counted.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace runner {

void add_runs(CLI::App& command, ChosenRuns& runs, const std::string& about) {
  command.add_option("RUN", runs.references, about)->type_name("");
  add_where(command, runs.where);
}

CLI::Option* add_where(CLI::App& command, std::string& where) {
  return command
      .add_option("--where", where,
                  "All runs that fulfil this, in place of names: 'status == failed and started < "
                  "-30d'")
      ->type_name("FILTER");
}

namespace {

Listing runs_that_fulfil(const Database& database, const std::string& where, bool archived) {
  return list_runs(database, {.where = where, .columns = {"id"}, .limit = 0, .archived = archived});
}

[[noreturn]] void refuse_empty(const Database& database, const std::string& where) {
  const auto archived = runs_that_fulfil(database, where, true).total;
  const auto hint =
      archived == 0
          ? ""
          : fmt::format("; {} that {} archived {}: add 'and archived'", counted(archived, "run"),
                        archived == 1 ? "is" : "are", archived == 1 ? "does" : "do");
  throw UserError(fmt::format("no run fulfils --where '{}'{}", where, hint));
}

}  // namespace

std::vector<std::string> find_runs(const Database& database, const ChosenRuns& runs,
                                   Archived archived) {
  if (runs.where.empty() && runs.references.empty())
    throw UserError("which runs? name them, or say --where FILTER");
  if (runs.where.empty()) return find_runs(database, runs.references);
  if (!runs.references.empty())
    throw UserError(fmt::format("'{}' and --where both say which runs; give one of them",
                                runs.references.front()));
  const auto found = runs_that_fulfil(database, runs.where, archived == Archived::too);
  for (const auto& note : found.notes) say("runner: {}\n", note);
  if (found.rows.empty()) refuse_empty(database, runs.where);
  std::vector<std::string> ids;
  for (const auto& row : found.rows) ids.push_back(std::get<std::string>(row.front()));
  return ids;
}

}  // namespace runner
