#include "runner/commands/remove.hpp"

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

struct RemoveOptions {
  ChosenRuns runs;
  bool yes = false, json = false;
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
    fmt::print("{}  {}  {}, {} ({})\n", id, printable(run.run.name), run.status,
               how_long_ago(run.started, now_ms()), files_text(files));
  }
  if (ids.size() > 1) fmt::print("{}: {}\n", counted(std::ssize(ids), "run"), files_text(all));
  std::fflush(stdout);
}

/// Whether the user means it.
bool asks(const Database& database, const std::vector<std::string>& ids) {
  show_what_would_go(database, ids);
  if (!isatty(STDIN_FILENO))
    throw UserError("delete asks before it deletes, but standard input is no terminal: say --yes");
  fmt::print("delete {} for ever? [y/N] ", ids.size() == 1 ? "it" : "them");
  std::fflush(stdout);
  std::string answer;
  return std::getline(std::cin, answer) && (answer == "y" || answer == "Y" || answer == "yes");
}

int remove_runs(const RemoveOptions& options) {
  auto store = Store::open(find_database(options.database));
  const auto ids = find_runs(store.database(), options.runs);
  refuse_runs_that_go_on(store.database(), ids);
  if (!options.yes && !asks(store.database(), ids)) {
    fmt::print("nothing was deleted\n");
    return 3;
  }
  Freed freed;
  for (const auto& id : ids) freed += delete_run(store, id);
  tell(fmt::format("deleted {} and {}", counted(std::ssize(ids), "run"), files_text(freed)), freed,
       ids.size(), options.json);
  return 0;
}

int collect(const RemoveOptions& options) {
  auto store = Store::open(find_database(options.database));
  const auto freed = collect_garbage(store);
  tell(fmt::format("freed {}", files_text(freed)), freed, 0, options.json);
  return 0;
}

}  // namespace

void add_remove(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<RemoveOptions>();
  auto* deletes = app.add_subcommand("delete", "Delete runs with their logs and checkpoints");
  add_runs(*deletes, options->runs, which_run);
  deletes->add_flag("--yes,-y", options->yes, "Do not ask");
  auto* gc = app.add_subcommand(
      "gc", "Remove logs and checkpoints that belong to no run, and make the database small");
  for (auto* command : {deletes, gc}) {
    add_database(*command, options->database);
    command->add_flag("--json", options->json, "What was freed as an object");
  }
  deletes->callback([options, &chosen] { chosen = [options] { return remove_runs(*options); }; });
  gc->callback([options, &chosen] { chosen = [options] { return collect(*options); }; });
}

}  // namespace runner
