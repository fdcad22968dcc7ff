#include "runner/commands/remove.hpp"

#include "experiments/annotations.hpp"
#include "experiments/details.hpp"
#include "experiments/error.hpp"
#include "experiments/location.hpp"
#include "experiments/reference.hpp"
#include "experiments/removal.hpp"
#include "experiments/text.hpp"
#include "registry/counted.hpp"
#include "runner/commands/chosen_runs.hpp"
#include "runner/commands/options.hpp"
#include "runner/terminal/moment.hpp"
#include "runner/terminal/number.hpp"

#include <iostream>
#include <memory>
#include <set>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace runner {
namespace {

constexpr int days_in_trash = 7;

struct RemoveOptions {
  ChosenRuns runs;
  bool yes = false, json = false;
  std::optional<std::filesystem::path> database;
};

struct CollectOptions {
  bool yes = false, dry_run = false, empty = false, json = false;
  std::optional<std::filesystem::path> database;
};

std::string files_text(const Freed& freed) {
  return fmt::format("{}, {}", counted(freed.files, "file"), bytes(freed.bytes));
}

void tell(const std::string& text, const Freed& freed, std::size_t runs, bool json) {
  if (json)
    fmt::print(
        "{}\n",
        nlohmann::ordered_json{{"runs", runs}, {"files", freed.files}, {"bytes", freed.bytes}}
            .dump());
  else
    fmt::print("{}\n", text);
}

/// All of them, before the first is deleted.
void refuse_runs_that_go_on(const Database& database, const std::vector<std::string>& ids) {
  std::vector<std::string> problems;
  for (const auto& id : ids)
    if (const auto run = read_run(database, id); !is_over(run))
      problems.push_back(
          fmt::format("run {} is {}; end it first: runner stop {}", id, run.status, id));
  if (!problems.empty()) throw UserError(fmt::format("{}", fmt::join(problems, "\n")));
}

void show_what_would_go(const Database& database, const std::vector<std::string>& ids) {
  Freed all;
  for (const auto& id : ids) {
    const auto run = read_run(database, id);
    const auto files = files_of(database, id);
    all += files;
    const auto* archived = read_annotations(database, id).archived ? ", archived" : "";
    fmt::print("{}  {}  {}{}, {} ({})\n", id, printable(run.run.name), run.status, archived,
               how_long_ago(run.started, now_ms()), files_text(files));
  }
  if (ids.size() > 1) fmt::print("{}: {}\n", counted(std::ssize(ids), "run"), files_text(all));
  std::fflush(stdout);
}

/// Whether the user means it.
bool asks(const std::string& command, const std::string& question) {
  if (!isatty(STDIN_FILENO))
    throw UserError(fmt::format(
        "{} asks before it deletes, but standard input is no terminal: say --yes", command));
  fmt::print("{} [y/N] ", question);
  std::fflush(stdout);
  std::string answer;
  return std::getline(std::cin, answer) && (answer == "y" || answer == "Y" || answer == "yes");
}

bool asks_for_runs(const Database& database, const std::vector<std::string>& ids) {
  show_what_would_go(database, ids);
  return asks("delete", ids.size() == 1 ? "delete it for ever?" : "delete them for ever?");
}

int remove_runs(const RemoveOptions& options) {
  auto store = Store::open_to_write(find_database(options.database));
  const auto ids = find_runs(store.database(), options.runs);
  refuse_runs_that_go_on(store.database(), ids);
  if (!options.yes && !asks_for_runs(store.database(), ids)) {
    fmt::print("nothing was deleted\n");
    return 3;
  }
  Freed freed;
  for (const auto& id : ids) freed += delete_run(store, id);
  tell(fmt::format("deleted {} and {}", counted(std::ssize(ids), "run"), files_text(freed)), freed,
       ids.size(), options.json);
  return 0;
}

/// What gc finds: what belongs to no run, and what has lain long enough in the trash.
struct Waste {
  std::vector<std::filesystem::path> garbage, old;

  bool is_empty() const { return garbage.empty() && old.empty(); }
};

void show_waste(const Waste& waste) {
  for (const auto& place : waste.garbage)
    fmt::print("{}  {}\n", place.string(), files_text(size_of({place})));
  if (!waste.garbage.empty())
    fmt::print("to the trash, for {} days: {}\n", days_in_trash,
               files_text(size_of(waste.garbage)));
  if (!waste.old.empty())
    fmt::print("from the trash, for ever: {}\n", files_text(size_of(waste.old)));
  std::fflush(stdout);
}

void tell_of_waste(const Freed& moved, const Freed& freed, const std::string& verb, bool json) {
  if (json)
    fmt::print("{}\n",
               nlohmann::ordered_json{{"files", freed.files},
                                      {"bytes", freed.bytes},
                                      {"trash", {{"files", moved.files}, {"bytes", moved.bytes}}}}
                   .dump());
  else
    fmt::print("{} {} to the trash, freed {}\n", verb, files_text(moved), files_text(freed));
}

int collect(const CollectOptions& options) {
  auto store = Store::open_to_write(find_database(options.database));
  const auto& database = store.database();
  const Waste waste{find_garbage(database), old_trash(database, options.empty ? 0 : days_in_trash)};
  if (!options.json) show_waste(waste);
  if (options.dry_run) {
    if (!options.json && waste.is_empty()) fmt::print("there is nothing to move or to delete\n");
    if (options.json) tell_of_waste(size_of(waste.garbage), size_of(waste.old), "", true);
    return 0;
  }
  if (!waste.is_empty() && !options.yes && !asks("gc", "go on?")) {
    fmt::print("nothing was moved or deleted\n");
    return 3;
  }
  auto freed = delete_trash(waste.old);
  const auto moved = put_into_trash(database, waste.garbage);
  freed += compact(database);
  tell_of_waste(moved, freed, "moved", options.json);
  return 0;
}

}  // namespace

void add_remove(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<RemoveOptions>();
  auto collecting = std::make_shared<CollectOptions>();
  auto* deletes = app.add_subcommand("delete", "Delete runs with their logs and checkpoints");
  add_runs(*deletes, options->runs, which_run);
  deletes->add_flag("--yes,-y", options->yes, "Do not ask");
  deletes->add_flag("--json", options->json, "What was freed as an object");
  add_database(*deletes, options->database);
  auto* gc = app.add_subcommand(
      "gc",
      "Move logs and checkpoints that belong to no run to the trash, which the gc of a week later "
      "empties, and make the database small");
  gc->add_flag("--yes,-y", collecting->yes, "Do not ask");
  gc->add_flag("--dry-run", collecting->dry_run, "Only say what there is");
  gc->add_flag("--empty", collecting->empty, "Empty the trash of what lies in it already");
  gc->add_flag("--json", collecting->json, "What was moved and freed as an object");
  add_database(*gc, collecting->database);
  deletes->callback([options, &chosen] { chosen = [options] { return remove_runs(*options); }; });
  gc->callback([collecting, &chosen] { chosen = [collecting] { return collect(*collecting); }; });
}

}  // namespace runner
