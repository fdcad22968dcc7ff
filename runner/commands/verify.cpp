#include "runner/commands/verify.hpp"

#include "registry/datasets/datasets.hpp"
#include "runner/recipe/find.hpp"
#include "runner/recipe/recipe.hpp"
#include "runner/terminal/data_report.hpp"
#include "runner/terminal/table.hpp"
#include "runner/verify/equivalence.hpp"

#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace runner {
namespace {

struct Options {
  std::string recipe;
  std::vector<std::string> overrides;
  int steps = 4;
  bool json = false;
};

/// A number format and how far from one rank its results may be, in parts of the largest.
struct Precision {
  const char* name;
  double tolerance;
};

// fp32 carries 7 digits; a few are lost where a relu or a maximum flips on a tie.
constexpr Precision precisions[] = {{"fp64", 1e-10}, {"fp32", 1e-3}};

std::string shown(double difference) { return fmt::format("{:.1e}", difference); }

int verify_equivalence(const Options& options) {
  const auto recipe = read_recipe(find_recipe(options.recipe), options.overrides);
  const auto data =
      prepare_dataset(recipe.config.at("dataset"), report_preparation(Verbosity::automatic));
  Signals signals;
  Table table;
  table.add_column("variant");
  table.add_column("precision");
  for (const auto* title : {"loss", "gradient", "weights"})
    table.add_column(title, Table::Align::right);
  table.add_column("");
  auto verdicts = Json::array();
  bool same = true;
  for (const auto& [precision, tolerance] : precisions) {
    const Variant one{"1 rank", "single", 1, 1};
    const auto wanted = make_steps(recipe.config, data, one, precision, options.steps, signals);
    for (const auto& variant : variants()) {
      const auto found = distance(
          make_steps(recipe.config, data, variant, precision, options.steps, signals), wanted);
      const bool ok = found.gradient <= tolerance && found.loss <= tolerance;
      same = same && ok;
      table.add_row() = {variant.name,          precision,           shown(found.loss),
                         shown(found.gradient), shown(found.weight), ok ? "same" : "DIFFERENT"};
      verdicts.push_back({{"variant", variant.name},
                          {"precision", precision},
                          {"loss", found.loss},
                          {"gradient", found.gradient},
                          {"weights", found.weight},
                          {"tolerance", tolerance},
                          {"same", ok}});
    }
  }
  if (options.json) {
    fmt::print("{}\n", verdicts.dump(2));
  } else {
    fmt::print(
        "{}: {} steps around the end of an epoch, against 1 rank; largest differences, in "
        "parts of the largest number\n\n{}",
        recipe.name(), options.steps, table.text());
  }
  return same ? 0 : 1;
}

}  // namespace

void add_verify(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<Options>();
  auto* verify = app.add_subcommand("verify", "Check that what is promised holds for a recipe");
  verify->require_subcommand(1);
  auto* command = verify->add_subcommand(
      "equivalence", "Train a few steps on 1 to 4 ranks and with accumulation, and compare");
  command->add_option("recipe", options->recipe, "A recipe, e.g. recipes/mnist.yaml")->required();
  command->add_option("overrides", options->overrides, "Values in place of the recipe's")
      ->type_name("PATH=VALUE");
  command->add_option("--steps", options->steps, "How many steps")->check(CLI::Range(1, 1000));
  command->add_flag("--json", options->json, "An array with a verdict for each variant");
  command->callback(
      [options, &chosen] { chosen = [options] { return verify_equivalence(*options); }; });
}

}  // namespace runner
