#include "runner/commands/import.hpp"

#include "experiments/error.hpp"
#include "experiments/json.hpp"
#include "experiments/location.hpp"
#include "experiments/say.hpp"
#include "experiments/text.hpp"
#include "registry/counted.hpp"
#include "runner/commands/options.hpp"
#include "runner/exchange/import_folders.hpp"
#include "runner/launch/shell_command.hpp"

#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace runner {
namespace {

namespace fs = std::filesystem;

struct ImportOptions {
  std::vector<fs::path> paths;
  std::string name;
  bool json = false;
  std::optional<fs::path> database;
};

constexpr const char* outcome_name(ImportOutcome outcome) {
  return outcome == ImportOutcome::came      ? "came"
         : outcome == ImportOutcome::updated ? "updated"
                                             : "there";
}

void tell(const Imported& imported, const ImportedRun& run, bool json) {
  if (json) {
    fmt::print("{}\n", dumped(Json{{"id", run.id},
                                   {"name", imported.name},
                                   {"from", imported.origin.string()},
                                   {"outcome", outcome_name(run.outcome)}}));
    return;
  }
  const auto from = printable(imported.origin.string());
  const auto what =
      fmt::format("{} in {}", counted(run.points, "point"), counted(run.metrics, "metric"));
  if (run.outcome == ImportOutcome::there)
    fmt::print("run {}: {} is there already, nothing has changed\n", run.id, from);
  else
    fmt::print("run {} ({}): {} from {} of {}{}\n", run.id, printable(imported.name), what,
               imported.format, from,
               run.outcome == ImportOutcome::updated ? ", in place of what was there" : "");
}

void warn(const std::string& text) {
  std::fflush(stdout);
  say("runner: {}\n", printable(text));
}

void import_run(Store& store, const RunFolder& folder, const ImportOptions& options) {
  auto imported = read_run_folder(folder);
  if (!options.name.empty()) imported.name = options.name;
  for (const auto& what : imported.warnings) warn(what);
  const auto run =
      record(store, imported, shell_command({"runner", "import", folder.path.string()}));
  if (run.replaced > 0)
    warn(fmt::format(
        "{}: {} left out, since a later one has the same step", imported.origin.string(),
        run.replaced == 1 ? "a point is" : fmt::format("{} points are", run.replaced)));
  tell(imported, run, options.json);
}

/// What cannot be read is told of, and the others come nevertheless.
int import_runs(const ImportOptions& options) {
  bool all_came = true;
  const auto pass_by = [&](const std::string& text) {
    warn(text);
    all_came = false;
  };
  const auto folders = find_run_folders(options.paths, pass_by);
  if (!options.name.empty() && folders.size() > 1)
    throw UserError(fmt::format("--name names one run, but there are {}", folders.size()));
  auto store = Store::create_or_open(find_database(options.database));
  for (const auto& folder : folders) try {
      import_run(store, folder, options);
    } catch (const UserError& error) {
      pass_by(error.what());
    } catch (const fs::filesystem_error& error) {
      pass_by(fmt::format("cannot read {}: {}", folder.path.string(), error.code().message()));
    }
  return all_came ? 0 : 1;
}

}  // namespace

void add_import(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<ImportOptions>();
  auto* command = app.add_subcommand(
      "import", "Bring runs here that PyTorch Lightning or TensorBoard has logged");
  command
      ->add_option("PATH", options->paths,
                   "Folders with metrics.csv of Lightning's CSVLogger or with event files of "
                   "TensorBoard, at any depth; each becomes a run, and again only what is new")
      ->required()
      ->type_name("");
  command->add_option("--name", options->name,
                      "What the run is called, instead of by its folder's path");
  command->add_flag("--json", options->json, "Each run as an object a line");
  add_database(*command, options->database);
  command->callback([options, &chosen] { chosen = [options] { return import_runs(*options); }; });
}

}  // namespace runner
