#include "runner/commands/resume.hpp"

#include "experiments/details.hpp"
#include "experiments/error.hpp"
#include "experiments/location.hpp"
#include "experiments/reference.hpp"
#include "experiments/store.hpp"
#include "runner/commands/options.hpp"
#include "runner/commands/recipe_of_run.hpp"
#include "runner/commands/run_options.hpp"
#include "runner/launch/srun.hpp"
#include "runner/session/training.hpp"

#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace runner {
namespace {

RunDetails find(const RunOptions& options) {
  Store store = Store::open(find_database(options.database));
  return read_run(store.database(), find_run(store.database(), options.subject));
}

void refuse_what_has_ended(const RunDetails& details, const RunOptions& options) {
  if (details.status == "done" && options.overrides.empty())
    throw UserError(fmt::format(
        "run {} is done; to train it further, say how far: runner resume {} train.epochs={}",
        details.id, details.id,
        2 * Json::parse(details.run.config).at("train").at("epochs").get<std::int64_t>()));
}

int resume(const RunOptions& options) {
  const auto details = find(options);
  refuse_imported(details);
  refuse_what_has_ended(details, options);
  const auto recipe = recipe_of_run(details, options.overrides);
  const auto placement = place(recipe.config.at("topology"));
  const auto environment = process_environment();
  if (calls_srun(placement, environment)) exec_srun(options.again("resume"), placement);
  const auto launch = find_launch(placement, environment, visible_gpus(environment));
  return train(recipe, placement, launch,
               {options.command("resume"), options.database, options.verbosity(), details.id});
}

}  // namespace

void add_resume(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<RunOptions>();
  auto* command = app.add_subcommand(
      "resume", "Go on with a run from its newest checkpoint, as if it had never stopped");
  command->add_option("RUN", options->subject, which_run)->required();
  add_run_options(*command, *options, "Values that change from here on: train.epochs=20");
  command->callback([options, &chosen] { chosen = [options] { return resume(*options); }; });
}

}  // namespace runner
