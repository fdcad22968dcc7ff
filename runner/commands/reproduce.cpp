#include "runner/commands/reproduce.hpp"

#include "experiments/comparison.hpp"
#include "experiments/error.hpp"
#include "experiments/location.hpp"
#include "experiments/reference.hpp"
#include "experiments/store.hpp"
#include "registry/counted.hpp"
#include "runner/commands/options.hpp"
#include "runner/commands/recipe_of_run.hpp"
#include "runner/launch/shell_command.hpp"
#include "runner/record/git.hpp"
#include "runner/session/training.hpp"
#include "runner/terminal/comparison_page.hpp"
#include "runner/terminal/screen.hpp"
#include "runner/terminal/table.hpp"

#include <algorithm>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace runner {
namespace {

struct Options {
  std::string reference;
  std::int64_t steps = 100;
  double tolerance = 0;
  bool json = false;
  std::optional<std::filesystem::path> database;
};

/// What has become of the code since, as far as git tells: nothing is checked out.
void say_what_changed(const Run& run) {
  const auto& now = git_state();
  if (!run.git_commit || !now) return;
  if (now->commit != *run.git_commit)
    fmt::print("The run was of commit {}, here is {}: git checkout {}\n", *run.git_commit,
               now->commit, *run.git_commit);
  if (now->diff != run.git_diff.value_or(""))
    fmt::print("The uncommitted changes are others: runner show --diff has those of the run\n");
}

/// A whole run cannot be told to pause at its end.
std::optional<std::int64_t> pause_of(const Recipe& recipe, std::int64_t steps) {
  const auto& most = recipe.config.at("train").at("max_steps");
  if (steps == 0 || (most.is_number() && most.get<std::int64_t>() <= steps)) return std::nullopt;
  return steps;
}

std::string train_again(const RunDetails& details, const Options& options) {
  const auto recipe = recipe_of_run(details, {});
  const auto placement = place(recipe.config.at("topology"));
  const auto environment = process_environment();
  const auto launch = find_launch(placement, environment, visible_gpus(environment));
  const auto database = find_database(options.database);
  Telling telling{shell_command({"runner", "reproduce", details.id}), database,
                  options.json ? Verbosity::quiet : Verbosity::automatic, std::nullopt};
  telling.pause_at = pause_of(recipe, options.steps);
  if (train(recipe, placement, launch, telling) == 1)
    throw StoreError("the run failed this time: nothing to compare");
  auto store = Store::open(database);
  return find_run(store.database(), "last");
}

struct Found {
  std::string metric;
  Parting parting;
};

std::vector<Found> compare_metrics(const Database& database, const RunDetails& before,
                                   const std::string& again) {
  std::vector<Found> all;
  for (const auto& metric : before.metrics) {
    if (metric.metric.starts_with("system/")) continue;
    auto parting = find_parting(database, before.id, again, metric.metric);
    if (parting.common > 0) all.push_back({metric.metric, parting});
  }
  return all;
}

std::string verdict(const Parting& parting, double tolerance) {
  if (!parting.step) return "the same bits";
  return fmt::format("from step {}: {:.9g}, now {:.9g}; at most {:.2g} apart{}", *parting.step,
                     parting.a, parting.b, parting.largest,
                     parting.largest <= tolerance ? ", within the tolerance" : "");
}

void print_found(const std::vector<Found>& all, double tolerance) {
  Table table;
  table.add_column("metric");
  table.add_column("points", Table::Align::right);
  table.add_column("compared");
  for (const auto& [metric, parting] : all)
    table.add_row() = {metric, fmt::format("{}", parting.common), verdict(parting, tolerance)};
  fmt::print("\n{}", table.text(terminal_width(stdout)));
}

Json found_json(const std::vector<Found>& all) {
  auto metrics = Json::object();
  for (const auto& [metric, parting] : all)
    metrics[metric] = {{"points", parting.common},
                       {"parting_step", parting.step ? Json(*parting.step) : Json()},
                       {"largest_difference", parting.largest}};
  return metrics;
}

int reproduce(const Options& options) {
  const auto details = [&] {
    auto store = Store::open(find_database(options.database));
    return read_run(store.database(), find_run(store.database(), options.reference));
  }();
  if (!options.json) say_what_changed(details.run);
  const auto again = train_again(details, options);
  auto store = Store::open(find_database(options.database));
  const auto surroundings = compare_runs(store.database(), {details.id, again});
  const auto found = compare_metrics(store.database(), details, again);
  if (found.empty()) throw StoreError("the two runs have no point in common: try more --steps");
  const bool same = std::ranges::all_of(
      found, [&](const Found& one) { return one.parting.largest <= options.tolerance; });
  if (options.json) {
    fmt::print("{}\n", Json{{"run", details.id},
                            {"again", again},
                            {"reproduced", same},
                            {"metrics", found_json(found)}}
                           .dump(2));
    return same ? 0 : 1;
  }
  fmt::print("{}", differences_page(surroundings, terminal_width(stdout)));
  print_found(found, options.tolerance);
  fmt::print("\nrun {} {} by run {}\n", details.id, same ? "is reproduced" : "is not reproduced",
             again);
  return same ? 0 : 1;
}

}  // namespace

void add_reproduce(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<Options>();
  auto* command = app.add_subcommand(
      "reproduce", "Train a run's stored recipe again, and compare the first metrics");
  command->add_option("RUN", options->reference, which_run)->required();
  command->add_option("--steps", options->steps, "How many; 0: to the end")
      ->check(number_at_least(0))
      ->capture_default_str();
  command
      ->add_option("--tolerance", options->tolerance,
                   "How far values may be apart, relative to the larger; 0: the same bits")
      ->check(number_at_least(0))
      ->capture_default_str();
  add_database(*command, options->database);
  command->add_flag("--json", options->json, "An object with every metric");
  command->footer("Exit codes: 0 reproduced, 1 not, 2 your mistake.");
  command->callback([options, &chosen] { chosen = [options] { return reproduce(*options); }; });
}

}  // namespace runner
