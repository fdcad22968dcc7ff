#include "runner/commands/resume.hpp"

#include "experiments/details.hpp"
#include "experiments/error.hpp"
#include "experiments/location.hpp"
#include "experiments/reference.hpp"
#include "experiments/store.hpp"
#include "runner/commands/training.hpp"
#include "runner/launch/shell_command.hpp"

#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace runner {
namespace {

struct Options {
  std::string reference;
  std::vector<std::string> overrides;
  std::optional<std::filesystem::path> database;
  bool quiet = false;
  bool json = false;

  Verbosity verbosity() const {
    return json ? Verbosity::json : quiet ? Verbosity::quiet : Verbosity::automatic;
  }
};

RunDetails find(const Options& options) {
  Store store = Store::open(find_database(options.database));
  return read_run(store.database(), find_run(store.database(), options.reference));
}

/// The run's recipe as it was resolved, with the arguments in place. Values that they leave alone
/// keep their origins.
Recipe recipe_of(const RunDetails& details, const std::vector<std::string>& overrides) {
  auto recipe = read_config("run " + details.id, details.run.config, overrides);
  recipe.path = details.run.recipe_path;
  recipe.text = details.run.recipe_text;
  for (auto& [path, origin] : recipe.origins)
    for (const auto& setting : details.run.settings)
      if (setting.path == path && origin.starts_with("run " + details.id)) origin = setting.origin;
  return recipe;
}

void refuse_what_has_ended(const RunDetails& details, const Options& options) {
  if (details.status == "done" && options.overrides.empty())
    throw UserError(fmt::format(
        "run {} is done; to train it further, say how far: runner resume {} train.epochs={}",
        details.id, details.id,
        2 * Json::parse(details.run.config).at("train").at("epochs").get<std::int64_t>()));
}

std::string command_of(const Options& options) {
  std::vector<std::string> words{"runner", "resume", options.reference};
  words.insert(words.end(), options.overrides.begin(), options.overrides.end());
  return shell_command(words);
}

int resume(const Options& options) {
  const auto details = find(options);
  refuse_what_has_ended(details, options);
  const auto recipe = recipe_of(details, options.overrides);
  const auto placement = place(recipe.config.at("topology"));
  const auto environment = process_environment();
  const auto launch = find_launch(placement, environment, visible_gpus(environment));
  return train(recipe, placement, launch,
               {command_of(options), options.database, options.verbosity(), details.id});
}

}  // namespace

void add_resume(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<Options>();
  auto* command = app.add_subcommand(
      "resume", "Go on with a run from its newest checkpoint, as if it had never stopped");
  command
      ->add_option("RUN", options->reference,
                   "An id or its beginning, a name (its latest run), or last")
      ->required();
  command
      ->add_option("overrides", options->overrides,
                   "Values that change from here on: train.epochs=20")
      ->type_name("PATH=VALUE");
  command
      ->add_option("--db", options->database,
                   "The database, instead of the nearest .runner/experiments.db")
      ->type_name("FILE");
  auto* quiet = command->add_flag("--quiet,-q", options->quiet, "Print nothing but errors");
  command->add_flag("--json", options->json, "One JSON object a line, as things happen")
      ->excludes(quiet);
  command->callback([options, &chosen] { chosen = [options] { return resume(*options); }; });
}

}  // namespace runner
