#include "runner/commands/annotate.hpp"

#include "experiments/annotations.hpp"
#include "experiments/details.hpp"
#include "experiments/json.hpp"
#include "experiments/location.hpp"
#include "experiments/reference.hpp"
#include "experiments/store.hpp"
#include "experiments/text.hpp"
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
  std::vector<std::string> runs, tags;
  std::string name;
  std::optional<std::string> note;
  bool remove = false;
  bool json = false;
  std::optional<std::filesystem::path> database;

  Store open() const { return Store::open(find_database(database)); }
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

int tag(const AnnotateOptions& options) {
  auto store = options.open();
  const auto id = find_run(store.database(), options.run);
  Transaction transaction(store.database());
  for (const auto& each : options.tags)
    if (!options.remove)
      add_tag(store.database(), id, each);
    else if (!remove_tag(store.database(), id, each))
      throw UserError(fmt::format("run {} has no tag '{}'", id, each));
  transaction.commit();
  return print(store.database(), id, options.json);
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
  for (const auto& each : options.runs) {
    const auto id = find_run(store.database(), each);
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
  auto* tags = add(app, chosen, "tag", "Give a run tags, or show them", options, tag);
  tags->add_option("RUN", options->run, which_run)->required();
  tags->add_option("TAG", options->tags, "Words without blanks");
  tags->add_flag("--remove", options->remove, "Take the tags away");
  tags->add_flag("--json", options->json, "The run's tags and note as an object");
  auto* notes = add(app, chosen, "note", "Write a note to a run, or show it", options, note);
  notes->add_option("RUN", options->run, which_run)->required();
  notes->add_option("TEXT", options->note, "In place of the note before; '' takes it away");
  notes->add_flag("--json", options->json, "The run's tags and note as an object");
  auto* names = add(app, chosen, "rename", "Give a run another name", options, rename);
  names->add_option("RUN", options->run, which_run)->required();
  names->add_option("NAME", options->name, "What it is called from now on")->required();
  names->add_flag("--json", options->json, "Both names as an object");
  auto* archives = add(app, chosen, "archive", "Have lists leave runs out", options, archive);
  archives->add_option("RUN", options->runs, which_run)->required();
  archives->add_flag("--undo", options->remove, "Have lists show them again");
  archives->add_flag("--json", options->json, "Each run as an object a line");
}

}  // namespace runner
