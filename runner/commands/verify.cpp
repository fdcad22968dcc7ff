#include "runner/commands/verify.hpp"

#include "experiments/json.hpp"
#include "registry/datasets/datasets.hpp"
#include "runner/commands/options.hpp"
#include "runner/recipe/recipe.hpp"
#include "runner/terminal/data_report.hpp"
#include "runner/terminal/table.hpp"
#include "runner/verify/equivalence.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <vector>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace runner {
namespace {

struct VerifyOptions {
  std::string recipe;
  std::vector<std::string> overrides;
  int steps = 4;
  bool json = false;
};

/// A number format, and how far from one rank its results may be, in parts of the largest.
struct Precision {
  const char* name;
  double tolerance;
  /// Whether later steps count. In fp32 a relu or a maximum flips on a tie here and there, and the
  /// flips of one step are the ties of the next, on any machine and for one rank, too.
  bool all_steps;

  bool accepts(const Distance& found) const {
    const double gradient = all_steps ? found.gradient : found.first_gradient;
    return gradient <= tolerance && (!all_steps || found.loss <= tolerance);
  }
};

constexpr Precision precisions[] = {{"fp64", 1e-10, true}, {"fp32", 1e-3, false}};

std::string shown(double difference) { return fmt::format("{:.1e}", difference); }

struct Verdict {
  std::string variant;
  Precision precision;
  Distance distance;

  bool same() const { return precision.accepts(distance); }
};

/// Empty when the user stopped it.
std::optional<std::vector<Verdict>> compare(const Json& config, const Prepared& data, int steps) {
  Signals signals;
  std::vector<Verdict> verdicts;
  for (const auto& precision : precisions) {
    const Variant one{"1 rank", "single", 1, 1};
    const auto wanted = make_steps(config, data, one, precision.name, steps, signals);
    if (!wanted) return std::nullopt;
    for (const auto& variant : variants(config)) {
      const auto found = make_steps(config, data, variant, precision.name, steps, signals);
      if (!found) return std::nullopt;
      verdicts.push_back({variant.name, precision, distance(*found, *wanted)});
    }
  }
  return verdicts;
}

std::string table_of(const std::vector<Verdict>& verdicts) {
  Table table;
  table.add_column("variant");
  table.add_column("precision");
  for (const auto* title : {"first gradient", "gradient", "loss", "weights"})
    table.add_column(title, Table::Align::right);
  table.add_column("");
  for (const auto& verdict : verdicts)
    table.add_row() = {verdict.variant,
                       verdict.precision.name,
                       shown(verdict.distance.first_gradient),
                       shown(verdict.distance.gradient),
                       shown(verdict.distance.loss),
                       shown(verdict.distance.weight),
                       verdict.same() ? "same" : "DIFFERENT"};
  return table.text();
}

Json json_of(const std::vector<Verdict>& verdicts) {
  auto json = Json::array();
  for (const auto& verdict : verdicts)
    json.push_back({{"variant", verdict.variant},
                    {"precision", verdict.precision.name},
                    {"first_gradient", verdict.distance.first_gradient},
                    {"gradient", verdict.distance.gradient},
                    {"loss", verdict.distance.loss},
                    {"weights", verdict.distance.weight},
                    {"tolerance", verdict.precision.tolerance},
                    {"same", verdict.same()}});
  return json;
}

int verify_equivalence(const VerifyOptions& options) {
  const auto recipe = read_recipe(chosen_recipe(options.recipe), options.overrides);
  const auto data =
      prepare_dataset(recipe.config.at("dataset"), report_preparation(Verbosity::automatic));
  const auto compared = compare(recipe.config, data, options.steps);
  if (!compared) return 3;
  const auto& verdicts = *compared;
  if (options.json)
    fmt::print("{}\n", dumped(json_of(verdicts), 2));
  else
    fmt::print(
        "{}: {} steps around the end of an epoch, against 1 rank. Largest differences in parts of "
        "the largest number; fp64 must agree to 1e-10 in all steps, fp32 to 1e-3 in the first "
        "gradient.\n\n{}",
        recipe.name(), options.steps, table_of(verdicts));
  return std::all_of(verdicts.begin(), verdicts.end(),
                     [](const auto& verdict) { return verdict.same(); })
             ? 0
             : 1;
}

}  // namespace

void add_verify(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<VerifyOptions>();
  auto* verify = app.add_subcommand("verify", "Check that what is promised holds for a recipe");
  verify->require_subcommand(1);
  auto* command = verify->add_subcommand(
      "equivalence", "Train a few steps on 1 to 4 ranks and with accumulation, and compare");
  add_recipe(*command, options->recipe);
  add_overrides(*command, options->overrides, "Values in place of the recipe's");
  command->add_option("--steps", options->steps, "How many steps")->check(CLI::Range(1, 1000));
  command->add_flag("--json", options->json, "An array with a verdict for each variant");
  command->callback(
      [options, &chosen] { chosen = [options] { return verify_equivalence(*options); }; });
}

}  // namespace runner
