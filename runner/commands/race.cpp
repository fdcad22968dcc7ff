#include "runner/commands/race.hpp"

#include "experiments/details.hpp"
#include "experiments/error.hpp"
#include "experiments/json.hpp"
#include "experiments/location.hpp"
#include "experiments/reference.hpp"
#include "experiments/store.hpp"
#include "runner/answers/answers.hpp"
#include "runner/answers/race.hpp"
#include "runner/commands/options.hpp"
#include "runner/commands/recipe_of_run.hpp"
#include "runner/launch/shell_command.hpp"
#include "runner/recipe/find.hpp"
#include "runner/sweep/sweep_run.hpp"
#include "runner/terminal/table.hpp"

#include <filesystem>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace runner {
namespace {

struct RaceOptions {
  std::string a, b, metric = "eval/loss";
  std::vector<std::string> overrides;
  std::optional<std::string> mode;
  std::int64_t most_seeds = 16;
  double p = 0.01;
  std::optional<std::filesystem::path> database;
  bool quiet = false, json = false;

  Goal goal() const { return chosen_goal(metric, mode); }
};

/// A recipe, or a run's config, with so many seeds as a matrix.
SweepRecipe with_seeds(const std::string& side, std::int64_t seeds, const RaceOptions& options) {
  auto overrides = options.overrides;
  for (auto& each : {fmt::format("matrix={{seed: {{range: [1, {}]}}}}", seeds),
                     fmt::format("search={{strategy: grid, metric: {}, mode: {}}}", options.metric,
                                 mode_of(options.goal()))})
    overrides.push_back(each);
  if (const auto file = recipe_file(side)) {
    const auto work = read_run_or_sweep(*file, options.overrides);
    if (std::holds_alternative<SweepRecipe>(work))
      throw UserError(fmt::format("{} is a sweep; a race is between two recipes or runs", side));
    return std::get<SweepRecipe>(read_run_or_sweep(*file, overrides));
  }
  auto store = Store::open(find_database(options.database));
  const auto details = read_run(store.database(), find_run(store.database(), side));
  return std::get<SweepRecipe>(
      read_run_or_sweep("run " + details.id, stored_config(details), overrides));
}

/// Trains the seeds that were not trained yet; empty when that was stopped.
std::optional<std::vector<double>> train(const std::string& side, std::int64_t seeds,
                                         const RaceOptions& options) {
  const auto recipe = with_seeds(side, seeds, options);
  const auto command = shell_command({"runner", "race", options.a, options.b});
  const auto verbosity = options.quiet || options.json ? Verbosity::quiet : Verbosity::automatic;
  constexpr int stopped_early = 3;
  SweepRun run(recipe, {command, options.database, verbosity, {}});
  if (run.run() == stopped_early) return std::nullopt;
  auto store = Store::open(find_database(options.database));
  return values_of(store.database(), {run.sweep_id(), true}, options.metric);
}

std::string winner(const Look& look, const RaceOptions& options) {
  return is_better(options.goal(), look.a, look.b) ? options.a : options.b;
}

Json look_json(const Look& look, std::size_t seeds) {
  return {{"seeds", seeds},
          {"a", look.a},
          {"b", look.b},
          {"p", look.test ? Json(look.test->p) : Json()},
          {"settled", look.settled}};
}

void tell(const Look& look, std::int64_t seeds, const RaceOptions& options) {
  if (options.json || options.quiet) return;
  fmt::print("race: after {} seeds each, {} is {:.6g} for {} and {:.6g} for {}{}\n", seeds,
             options.metric, look.a, options.a, look.b, options.b,
             look.test ? fmt::format(" (p = {:.2g})", look.test->p) : "");
}

int race(const RaceOptions& options) {
  const auto stages = looks(options.most_seeds);
  // Both are read before either is trained.
  for (const auto& side : {options.a, options.b}) {
    with_seeds(side, stages.front(), options);
    if (const auto file = recipe_file(side)) tell_recipe(side, *file);
  }
  auto told = Json::array();
  std::optional<Look> last;
  for (const auto seeds : stages) {
    const auto a = train(options.a, seeds, options);
    const auto b = a ? train(options.b, seeds, options) : std::nullopt;
    if (!b) return 3;
    last = look_at(*a, *b, options.p, stages.size());
    tell(*last, seeds, options);
    told.push_back(look_json(*last, static_cast<std::size_t>(seeds)));
    if (last->settled) break;
  }
  if (options.json)
    fmt::print("{}\n",
               dumped(Json{{"metric", options.metric},
                           {"settled", last->settled},
                           {"better", last->settled ? Json(winner(*last, options)) : Json()},
                           {"looks", told}}));
  else if (last->settled)
    fmt::print("{} is better: p < {} over all looks\n", winner(*last, options), options.p);
  else
    fmt::print("not settled after {} seeds each: p < {} was not reached\n", stages.back(),
               options.p);
  return last->settled ? 0 : 3;
}

}  // namespace

void add_race(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<RaceOptions>();
  auto* command = app.add_subcommand(
      "race", "Train two recipes with more and more seeds, until it is clear which is better");
  command->add_option("A", options->a, "A recipe, or a run whose config is taken")->required();
  command->add_option("B", options->b, "The other")->required();
  add_overrides(*command, options->overrides, "Values in place of those of both");
  command->add_option("--metric", options->metric, "What is compared")
      ->capture_default_str()
      ->transform(metric_name());
  command->add_option("--mode", options->mode, "Whether less or more of it is better")
      ->check(CLI::IsMember({"min", "max"}));
  command->add_option("--most-seeds", options->most_seeds, "Of each, when it does not become clear")
      ->check(CLI::Range(2, 1000))
      ->capture_default_str();
  command->add_option("--p", options->p, "How likely chance alone may make the difference")
      ->check(CLI::Range(1e-12, 0.5))
      ->capture_default_str();
  add_database(*command, options->database);
  auto* quiet = command->add_flag("--quiet,-q", options->quiet, "Print the result alone");
  command->add_flag("--json", options->json, "An object with every look")->excludes(quiet);
  command->callback([options, &chosen] { chosen = [options] { return race(*options); }; });
}

}  // namespace runner
