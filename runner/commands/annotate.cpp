#include "runner/commands/annotate.hpp"

#include "experiments/annotations.hpp"
#include "experiments/details.hpp"
#include "experiments/json.hpp"
#include "experiments/location.hpp"
#include "experiments/reference.hpp"
#include "experiments/store.hpp"
#include "experiments/text.hpp"
#include "runner/commands/chosen_runs.hpp"
#include "runner/commands/options.hpp"
#include "runner/terminal/run_json.hpp"

#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace runner {
namespace {

struct AnnotateOptions {
  std::string run;
  ChosenRuns runs;
  std::vector<std::string> added, removed;
  std::string name;
  std::optional<std::string> note;
  bool remove = false;
  bool json = false;
  std::optional<std::filesystem::path> database;

  Store open() const { return Store::open_to_write(find_database(database)); }
};

int print(const Database& database, const std::string& id, bool json) {
  const auto said = read_annotations(database, id);
  if (json) {
    Json told{{"id", id}};
    told.update(annotations_json(said));
    fmt::print("{}\n", dumped(told));
    return 0;
  }
  const auto& [tags, note, archived] = said;
  fmt::print("run {}: {}{}{}\n", id,
             tags.empty() ? "no tags" : printable(fmt::format("tags {}", fmt::join(tags, ", "))),
             note.empty() ? "" : fmt::format("; note: {}", note), archived ? "; archived" : "");
  return 0;
}

std::vector<std::string> find_runs_to_tag(const Database& database,
                                          const AnnotateOptions& options) try {
  return find_runs(database, options.runs);
} catch (const UserError& error) {
  const auto& words = options.runs.references;
  if (words.size() < 2 || !options.added.empty() || !options.removed.empty()) throw;
  throw UserError(fmt::format("{}; a tag is given with --add", error.what()));
}

void take_tag(const Database& database, const std::vector<std::string>& ids,
              const std::string& each) {
  bool was_there = false;
  for (const auto& id : ids) was_there |= remove_tag(database, id, each);
  if (!was_there)
    throw UserError(ids.size() == 1 ? fmt::format("run {} has no tag '{}'", ids.front(), each)
                                    : fmt::format("none of the runs has the tag '{}'", each));
}

int tag(const AnnotateOptions& options) {
  auto store = options.open();
  const auto& database = store.database();
  const auto ids = find_runs_to_tag(database, options);
  Transaction transaction(database);
  for (const auto& each : options.added)
    for (const auto& id : ids) add_tag(database, id, each);
  for (const auto& each : options.removed) take_tag(database, ids, each);
  transaction.commit();
  for (const auto& id : ids) print(database, id, options.json);
  return 0;
}

int note(const AnnotateOptions& options) {
  auto store = options.open();
  const auto id = find_run(store.database(), options.run);
  if (options.note) set_note(store.database(), id, *options.note);
  return print(store.database(), id, options.json);
}

int rename(const AnnotateOptions& options) {
  auto store = options.open();
  const auto id = find_run(store.database(), options.run);
  const auto before = read_run(store.database(), id).run.name;
  rename_run(store.database(), id, options.name);
  if (options.json)
    fmt::print("{}\n", dumped(Json{{"id", id}, {"before", before}, {"name", options.name}}));
  else
    fmt::print("run {}: {} is called {} now\n", id, printable(before), options.name);
  return 0;
}

int archive(const AnnotateOptions& options) {
  auto store = options.open();
  const auto ids = find_runs(store.database(), options.runs,
                             options.remove ? Archived::too : Archived::left_out);
  for (const auto& id : ids) {
    set_archived(store.database(), id, !options.remove);
    if (options.json)
      fmt::print("{}\n", dumped(Json{{"id", id}, {"archived", !options.remove}}));
    else
      fmt::print(
          "run {} is {}\n", id,
          options.remove ? "listed again" : "archived: lists leave it out, but for --archived");
  }
  return 0;
}

CLI::App* add(CLI::App& app, Command& chosen, const char* name, const char* about,
              const std::shared_ptr<AnnotateOptions>& options,
              int (*what)(const AnnotateOptions&)) {
  auto* command = app.add_subcommand(name, about);
  add_database(*command, options->database);
  command->callback(
      [options, what, &chosen] { chosen = [options, what] { return what(*options); }; });
  return command;
}

}  // namespace

void add_annotate(CLI::App& app, Command& chosen) {
  const auto options = std::make_shared<AnnotateOptions>();
  auto* tags =
      add(app, chosen, "tag", "Give runs tags, take them away, or show them", options, tag);
  add_runs(*tags, options->runs, which_run);
  const auto add_tags = [&](const char* name, std::vector<std::string>& words, const char* about) {
    tags->add_option(name, words, about)->type_name("TAG")->delimiter(',')->allow_extra_args(false);
  };
  add_tags("--add", options->added, "Words without blanks, separated by commas");
  add_tags("--remove", options->removed, "Tags that the runs have");
  tags->add_flag("--json", options->json, "Each run's tags and note as an object a line");
  auto* notes = add(app, chosen, "note", "Write a note to a run, or show it", options, note);
  notes->add_option("RUN", options->run, which_run)->required();
  notes->add_option("TEXT", options->note, "In place of the note before; '' takes it away");
  notes->add_flag("--json", options->json, "The run's tags and note as an object");
  auto* names = add(app, chosen, "rename", "Give a run another name", options, rename);
  names->add_option("RUN", options->run, which_run)->required();
  names->add_option("NAME", options->name, "What it is called from now on")->required();
  names->add_flag("--json", options->json, "Both names as an object");
  auto* archives = add(app, chosen, "archive", "Have lists leave runs out", options, archive);
  add_runs(*archives, options->runs, which_run);
  archives->add_flag("--undo", options->remove, "Have lists show them again");
  archives->add_flag("--json", options->json, "Each run as an object a line");
}

}  // namespace runner
