#include "runner/commands/resume.hpp"

#include "experiments/details.hpp"
#include "experiments/error.hpp"
#include "experiments/json.hpp"
#include "experiments/location.hpp"
#include "experiments/reference.hpp"
#include "experiments/say.hpp"
#include "experiments/store.hpp"
#include "registry/datasets/datasets.hpp"
#include "runner/commands/options.hpp"
#include "runner/commands/recipe_of_run.hpp"
#include "runner/commands/run_options.hpp"
#include "runner/launch/shell_command.hpp"
#include "runner/launch/srun.hpp"
#include "runner/recipe/continuation.hpp"
#include "runner/recipe/run_length.hpp"
#include "runner/session/training.hpp"

#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace runner {
namespace {

constexpr std::string_view divergence_threshold = "early_stopping.divergence_threshold";

RunDetails find(const RunOptions& options) {
  Store store = Store::open(find_database(options.database));
  return read_run(store.database(), find_run(store.database(), options.subject));
}

/// The limit that has ended a run, twice as far away.
std::string further(const RunDetails& details) {
  const auto config = recipe_of_run(details, {}).config;
  const auto train = from_json<Train>(config.at("train"));
  const auto early_stopping = from_json<EarlyStopping>(config.at("early_stopping"));
  if (details.reason.starts_with("train.max_time") && train.max_time)
    return fmt::format("train.max_time={}",
                       to_string({2 * train.max_time->count, train.max_time->unit}));
  if (details.reason.find(divergence_threshold) != std::string::npos)
    return fmt::format("{}=null", divergence_threshold);
  if (details.reason.starts_with("stopped early") && early_stopping.patience)
    return fmt::format("early_stopping.patience={}", 2 * *early_stopping.patience);
  auto without_limit = train;
  without_limit.max_steps.reset();
  const auto samples = look_at_dataset(config.at("dataset")).training_samples();
  if (run_length(train, samples).last_step < run_length(without_limit, samples).last_step)
    return fmt::format("train.max_steps={}", 2 * *train.max_steps);
  return fmt::format("train.epochs={}", 2 * train.epochs);
}

void refuse_what_has_ended(const RunDetails& details, const RunOptions& options) {
  if (details.status == "done" && options.overrides.empty())
    throw UserError(fmt::format("run {} is done; to train it further, say how far: {}", details.id,
                                shell_command({"runner", "resume", details.id, further(details)})));
}

/// What its checkpoints do not fit, or what no step is left to be trained with.
void refuse_what_cannot_change(const RunDetails& details, const Recipe& recipe) {
  const auto before = recipe_of_run(details, {}).config;
  if (const auto all = breaks(before, recipe.config); !all.empty())
    throw UserError(
        fmt::format("run {} cannot go on as another: {}; a new run can begin with its weights: "
                    "init_from.weights={}",
                    details.id, fmt::join(all, ", "), details.id));
  const bool only_ends = details.status != "done" && before == recipe.config;
  if (details.checkpoints.empty() || only_ends) return;
  const auto newest = details.checkpoints.front().step;
  const auto length = length_from(recipe.config, newest, details.checkpoints.front().epoch);
  if (const auto last = length.last_step; last <= newest)
    throw UserError(fmt::format(
        "run {} has nothing left to do: it is to end after step {}, and has come to step {}",
        details.id, last, newest));
}

/// A mode that was only a default, and not the metric's own.
void tell_new_modes(const RunDetails& details, const Recipe& recipe) {
  for (const auto& [path, value, origin] : details.run.settings) {
    if (origin != "default" || !path.ends_with(".mode")) continue;
    const auto owner = path.substr(0, path.rfind('.'));
    const auto& now = value_at(recipe.config, owner);
    if (now.contains("metric") && now.at("mode") != to_json(value))
      say("runner: {} is {} from here on: {} of {} is better; it was {} by default\n", path,
          now.at("mode").get<std::string>(), now.at("mode") == "max" ? "more" : "less",
          now.at("metric").get<std::string>(), to_json(value).get<std::string>());
  }
}

int resume(const RunOptions& options) {
  const auto details = find(options);
  refuse_what_has_ended(details, options);
  const auto recipe = recipe_of_run(details, options.overrides);
  refuse_what_cannot_change(details, recipe);
  tell_new_modes(details, recipe);
  const auto placement = place(recipe.config.at("topology"));
  const auto environment = process_environment();
  if (calls_srun(placement, environment))
    exec_srun(options.again("resume"), placement, scripts_beside(find_database(options.database)));
  const auto launch = find_launch(placement, environment, visible_gpus(environment));
  Telling telling{options.command("resume"), options.database, options.verbosity(), details.id};
  telling.earlier_data = EarlierData{details.id, details.run.data};
  return exit_code(train(recipe, placement, launch, telling));
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
