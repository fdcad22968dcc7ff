#include "runner/commands/validate.hpp"

#include "experiments/error.hpp"
#include "experiments/json.hpp"
#include "experiments/say.hpp"
#include "runner/recipe/find.hpp"
#include "runner/recipe/recipe.hpp"
#include "runner/sweep/sweep_plan.hpp"
#include "runner/terminal/number.hpp"

#include <memory>
#include <optional>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace runner {
namespace {

struct ValidateOptions {
  std::vector<std::string> recipes;
  bool json = false;
};

/// What a recipe that is valid comes to.
struct Checked {
  std::optional<std::int64_t> trials;  ///< none when it is one run
  std::vector<std::string> warnings;
};

/// Throws RecipeError and UserError.
Checked check(const std::string& path) {
  const auto work = read_run_or_sweep(path, {});
  if (const auto* recipe = std::get_if<Recipe>(&work))
    return {std::nullopt, warnings_of(doubts_of(*recipe))};
  const auto& sweep = std::get<SweepRecipe>(work);
  return {estimate(sweep, {}).trials, warnings_of(sweep.doubts())};
}

std::string counted(std::optional<std::int64_t> trials) {
  return trials ? fmt::format(" ({} trial{})", with_commas(*trials), *trials == 1 ? "" : "s") : "";
}

int validate(const ValidateOptions& options) {
  std::string problems;
  auto verdicts = Json::array();
  for (const auto& name : options.recipes) {
    auto path = name;
    std::string problem;
    Checked checked;
    try {
      path = find_recipe(name);
      checked = check(path);
      if (!options.json) {
        for (const auto& warning : checked.warnings) say("runner: WARNING: {}\n", warning);
        fmt::print("{}: valid{}\n", path, counted(checked.trials));
      }
    } catch (const RecipeError& error) {
      problem = error.what();
    } catch (const UserError& error) {
      problem = fmt::format("{}\n", error.what());
    }
    verdicts.push_back({{"recipe", path},
                        {"valid", problem.empty()},
                        {"problems", problem},
                        {"warnings", checked.warnings}});
    if (checked.trials) verdicts.back()["trials"] = *checked.trials;
    problems += problem;
  }
  if (options.json)
    fmt::print("{}\n", dumped(verdicts, 2));
  else
    say("{}", problems);
  return problems.empty() ? 0 : 2;
}

}  // namespace

void add_validate(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<ValidateOptions>();
  auto* command = app.add_subcommand("validate", "Check recipes, and show every mistake at once");
  command->add_option("recipes", options->recipes, "Recipes to check")->required();
  command->add_flag("--json", options->json, "An array with a verdict for each recipe");
  command->callback([options, &chosen] { chosen = [options] { return validate(*options); }; });
}

}  // namespace runner
