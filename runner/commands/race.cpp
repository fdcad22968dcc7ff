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

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <span>

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

/// A recipe, or a run whose config is taken: looked up once, as names come to mean the runs that
/// the race itself trains.
struct RaceSide {
  std::string given;
  std::string path;    ///< of a recipe; of a run "run ID"
  std::string config;  ///< of a run; empty for a recipe
};

/// Without its seed, and without the threads that a sweep gave it: so a race of a run that was
/// trained in a race is the same race.
std::string config_for_race(const RunDetails& details) {
  auto config = Json::parse(stored_config(details));
  config.erase("seed");
  for (const auto& setting : details.run.settings)
    if (setting.path == "topology.threads" && setting.origin == "sweep")
      config["topology"]["threads"] = nullptr;
  return dumped(config);
}

RaceSide find_side(const std::string& given, const RaceOptions& options) {
  if (const auto file = recipe_file(given)) {
    if (std::holds_alternative<SweepRecipe>(read_run_or_sweep(*file, options.overrides)))
      throw UserError(fmt::format("{} is a sweep; a race is between two recipes or runs", given));
    tell_recipe(given, *file);
    return {given, *file, ""};
  }
  auto store = Store::open(find_database(options.database));
  const auto details = read_run(store.database(), find_run(store.database(), given));
  return {given, "run " + details.id, config_for_race(details)};
}

/// With so many seeds as a matrix.
SweepRecipe with_seeds(const RaceSide& side, std::int64_t seeds, const RaceOptions& options) {
  auto overrides = options.overrides;
  for (auto& each : {fmt::format("matrix={{seed: {{range: [1, {}]}}}}", seeds),
                     fmt::format("search={{strategy: grid, metric: {}, mode: {}}}", options.metric,
                                 mode_of(options.goal()))})
    overrides.push_back(each);
  return std::get<SweepRecipe>(side.config.empty()
                                   ? read_run_or_sweep(side.path, overrides)
                                   : read_run_or_sweep(side.path, side.config, overrides));
}

/// Of each seed that has ended, in their order; empty for one that failed.
std::map<std::int64_t, std::optional<double>> ended_seeds(const Database& database,
                                                          const std::string& sweep) {
  std::map<std::int64_t, std::optional<double>> seeds;
  for (const auto& trial : read_answers(database, sweep, {}, {}).table)
    if (const auto* seed = find_parameter(trial.parameters, "seed"))
      if (trial.has_value() || trial.has_failed())
        seeds[seed->get<std::int64_t>()] = trial.has_value() ? trial.value : std::nullopt;
  return seeds;
}

/// How many seeds from 1 on an earlier race of it has trained.
std::int64_t seeds_trained(const RaceSide& side, const RaceOptions& options) {
  const auto file = find_database(options.database);
  if (!std::filesystem::exists(file)) return 0;
  auto store = Store::open(file);
  const auto sweep =
      sweep_of_identity(store.database(), sweep_identity(with_seeds(side, 1, options)));
  if (!sweep) return 0;
  std::int64_t count = 0;
  for (const auto& [seed, value] : ended_seeds(store.database(), sweep->id))
    if (seed == count + 1) count = seed;
  return count;
}

/// Trains the seeds that were not trained yet; none when that was stopped.
std::optional<std::vector<double>> train(const RaceSide& side, std::int64_t seeds,
                                         const RaceOptions& options) {
  const auto recipe = with_seeds(side, seeds, options);
  const auto command = shell_command({"runner", "race", options.a, options.b});
  const auto verbosity = options.quiet || options.json ? Verbosity::quiet : Verbosity::automatic;
  constexpr int stopped_early = 3;
  SweepRun run(recipe, {command, options.database, verbosity, {}});
  if (run.run() == stopped_early) return std::nullopt;
  auto store = Store::open(find_database(options.database));
  std::vector<double> values;
  for (const auto& [seed, value] : ended_seeds(store.database(), run.sweep_id()))
    if (value && seed >= 1 && seed <= seeds) values.push_back(*value);
  // Where there is none, it says why.
  if (values.empty()) values_of(store.database(), {run.sweep_id(), true}, options.metric);
  return values;
}

/// The looks from the last one on for which both have all seeds.
std::span<const std::int64_t> looks_left(std::span<const std::int64_t> all, std::int64_t trained) {
  while (all.size() > 1 && all[1] <= trained) all = all.subspan(1);
  return all;
}

std::string winner(const Look& look, const RaceOptions& options) {
  return is_better(options.goal(), look.a, look.b) ? options.a : options.b;
}

Json look_json(const Look& look, std::size_t seeds) {
  return {{"seeds", seeds},
          {"a", look.a},
          {"b", look.b},
          {"p", look.test ? Json(look.test->p) : Json()},
          {"adjusted_p", look.adjusted_p ? Json(*look.adjusted_p) : Json()},
          {"settled", look.settled}};
}

void tell(const Look& look, std::int64_t seeds, const RaceOptions& options) {
  if (options.json || options.quiet) return;
  fmt::print("race: after {} seeds each, {} is {:.6g} for {} and {:.6g} for {}{}\n", seeds,
             options.metric, look.a, options.a, look.b, options.b,
             look.adjusted_p ? fmt::format(" (adjusted p = {:.3g})", *look.adjusted_p) : "");
}

std::string not_settled(const Look& look, std::int64_t seeds, const RaceOptions& options) {
  return fmt::format("not settled after {} seeds each: {}\n", seeds,
                     look.adjusted_p ? fmt::format("the adjusted p = {:.3g} is not below {}",
                                                   *look.adjusted_p, options.p)
                                     : "there is no variation to tell them apart by");
}

int race(const RaceOptions& options) {
  const auto stages = looks(options.most_seeds);
  // Both are read before either is trained.
  const auto side_a = find_side(options.a, options), side_b = find_side(options.b, options);
  const auto trained = std::min(seeds_trained(side_a, options), seeds_trained(side_b, options));
  auto told = Json::array();
  std::optional<Look> last;
  for (const auto seeds : looks_left(stages, trained)) {
    const auto a = train(side_a, seeds, options);
    const auto b = a ? train(side_b, seeds, options) : std::nullopt;
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
    fmt::print("{}", not_settled(*last, stages.back(), options));
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
  command
      ->add_option("--p", options->p,
                   "How likely chance alone may make the difference, over all looks: the test's "
                   "p-value is multiplied by their number")
      ->check(CLI::Range(1e-12, 0.5))
      ->capture_default_str();
  add_database(*command, options->database);
  auto* quiet = command->add_flag("--quiet,-q", options->quiet, "Print the result alone");
  command->add_flag("--json", options->json, "An object with every look")->excludes(quiet);
  command->callback([options, &chosen] { chosen = [options] { return race(*options); }; });
}

}  // namespace runner
