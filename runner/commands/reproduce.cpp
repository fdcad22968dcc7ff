#include "runner/commands/reproduce.hpp"

#include "experiments/comparison.hpp"
#include "experiments/error.hpp"
#include "experiments/id.hpp"
#include "experiments/json.hpp"
#include "experiments/location.hpp"
#include "experiments/reference.hpp"
#include "experiments/store.hpp"
#include "runner/commands/options.hpp"
#include "runner/commands/recipe_of_run.hpp"
#include "runner/launch/shell_command.hpp"
#include "runner/record/git.hpp"
#include "runner/session/training.hpp"
#include "runner/terminal/comparison_page.hpp"
#include "runner/terminal/screen.hpp"
#include "runner/terminal/table.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace runner {
namespace {

struct ReproduceOptions {
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
  const bool is_known = run.git_diff || !run.git_dirty.value_or(false);
  if (is_known && now->diff != run.git_diff.value_or(""))
    fmt::print("The uncommitted changes are others: runner show --diff has those of the run\n");
}

/// A whole run cannot be told to pause at its end.
std::optional<std::int64_t> pause_of(const Recipe& recipe, std::int64_t steps) {
  const auto& most = recipe.config.at("train").at("max_steps");
  if (steps == 0 || (most.is_number() && most.get<std::int64_t>() <= steps)) return std::nullopt;
  return steps;
}

/// The new run is told apart from the one that it repeats, also where that is meant by its name.
std::string name_again(const std::string& name) {
  return name.ends_with("-again") ? name : name + "-again";
}

/// Trains it as the run `again`. Of several processes of the new run, the one with rank 0 records
/// it.
Outcome train_again(const RunDetails& details, const std::string& again, const Launch& launch,
                    const Placement& placement, Recipe recipe, const ReproduceOptions& options) {
  recipe.config["name"] = name_again(details.run.name);
  Telling telling{shell_command({"runner", "reproduce", details.id}),
                  find_database(options.database),
                  options.json ? Verbosity::quiet : Verbosity::automatic, std::nullopt};
  telling.new_id = again;
  telling.purpose = "reproduce";
  telling.earlier_data = EarlierData{details.id, details.run.data};
  telling.pause_at = pause_of(recipe, options.steps);
  return train(recipe, placement, launch, telling);
}

/// A metric of the first run and what came of it in the second.
struct Found {
  std::string metric;
  Parting parting;
  bool missing = false;  ///< the second has no point of it

  bool is_same(double tolerance) const { return !missing && parting.largest <= tolerance; }
};

/// Metrics of which the first run has a point until the step that the second has reached.
std::vector<Found> compare_metrics(const Database& database, const RunDetails& before,
                                   const std::string& again, std::int64_t reached) {
  std::vector<Found> all;
  for (const auto& metric : before.metrics) {
    const auto& name = metric.metric;
    if (name.starts_with("system/")) continue;
    const bool is_due = first_step(database, before.id, name).value_or(reached + 1) <= reached;
    const bool missing = is_due && !first_step(database, again, name);
    const auto parting = find_parting(database, before.id, again, name);
    if (missing || parting.common > 0) all.push_back({name, parting, missing});
  }
  if (all.empty()) throw StoreError("the two runs have no point in common: try more --steps");
  return all;
}

std::string verdict(const Found& found, double tolerance) {
  const auto& parting = found.parting;
  if (found.missing) return "missing: not measured this time";
  if (!parting.step) return "the same bits";
  const auto most = std::isfinite(parting.largest)
                        ? fmt::format("at most {:.2g} apart", parting.largest)
                        : std::string("NaN or infinite in one alone");
  return fmt::format("from step {}: {:.9g}, now {:.9g}; {}{}", *parting.step, parting.a, parting.b,
                     most, found.is_same(tolerance) ? ", within the tolerance" : "");
}

void print_found(const std::vector<Found>& all, double tolerance) {
  Table table;
  table.add_column("metric");
  table.add_column("points", Table::Align::right);
  table.add_column("compared");
  for (const auto& found : all)
    table.add_row() = {found.metric, fmt::format("{}", found.parting.common),
                       verdict(found, tolerance)};
  fmt::print("\n{}", table.text(terminal_width(stdout)));
}

Json found_json(const std::vector<Found>& all) {
  auto metrics = Json::object();
  for (const auto& [metric, parting, missing] : all)
    metrics[metric] = {{"points", parting.common},
                       {"missing", missing},
                       {"parting_step", parting.step ? Json(*parting.step) : Json()},
                       {"largest_difference", to_json(Value(parting.largest))}};
  return metrics;
}

/// Where the second run ended too early, nothing is compared.
int tell_of_stop(const RunDetails& details, const RunDetails& again, bool json) {
  if (json)
    fmt::print("{}\n", dumped(Json{{"run", details.id},
                                   {"again", again.id},
                                   {"reproduced", nullptr},
                                   {"reason", again.reason}},
                              2));
  else
    fmt::print("nothing is compared: run {} was {}\n", again.id, again.reason);
  return 3;
}

int compare(const RunDetails& details, const RunDetails& again, std::int64_t reached,
            const Database& database, const ReproduceOptions& options) {
  const auto found = compare_metrics(database, details, again.id, reached);
  const bool same =
      std::ranges::all_of(found, [&](const Found& one) { return one.is_same(options.tolerance); });
  if (options.json) {
    fmt::print("{}\n", dumped(Json{{"run", details.id},
                                   {"again", again.id},
                                   {"reproduced", same},
                                   {"metrics", found_json(found)}},
                              2));
    return same ? 0 : 1;
  }
  auto surroundings = compare_runs(database, {details.id, again.id});
  std::erase_if(surroundings.config, [](const auto& row) { return row.name == "name"; });
  fmt::print("{}", differences_page(surroundings, terminal_width(stdout)));
  print_found(found, options.tolerance);
  fmt::print("\nrun {} {} by run {}\n", details.id, same ? "is reproduced" : "is not reproduced",
             again.id);
  return same ? 0 : 1;
}

int reproduce(const ReproduceOptions& options) {
  const auto details = [&] {
    auto store = Store::open(find_database(options.database));
    return read_run(store.database(), find_run(store.database(), options.reference));
  }();
  const auto recipe = recipe_of_run(details, {});
  const auto placement = place(recipe.config.at("topology"));
  const auto environment = process_environment();
  const auto launch = find_launch(placement, environment, visible_gpus(environment));
  if (!options.json && launch.rank == 0) say_what_changed(details.run);
  const auto id = new_run_id();
  const auto outcome = train_again(details, id, launch, placement, recipe, options);
  if (launch.rank != 0) return exit_code(outcome);
  if (outcome.ending == Ending::failed)
    throw StoreError("the run failed this time: nothing to compare");
  auto store = Store::open(find_database(options.database));
  const auto again = read_run(store.database(), id);
  if (outcome.ending == Ending::interrupted) return tell_of_stop(details, again, options.json);
  const bool paused = outcome.ending == Ending::paused;
  const auto reached = paused ? options.steps : std::numeric_limits<std::int64_t>::max() - 1;
  return compare(details, again, reached, store.database(), options);
}

}  // namespace

void add_reproduce(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<ReproduceOptions>();
  auto* command = app.add_subcommand(
      "reproduce",
      "Train a run's stored recipe again, as NAME-again, and compare the first metrics");
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
  command->callback([options, &chosen] { chosen = [options] { return reproduce(*options); }; });
}

}  // namespace runner
