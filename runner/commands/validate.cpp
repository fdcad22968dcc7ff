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

/// How many runs it stands for; none when it is one. Throws RecipeError.
std::optional<std::int64_t> check(const std::string& path) {
  const auto work = read_run_or_sweep(path, {});
  const auto* sweep = std::get_if<SweepRecipe>(&work);
  return sweep ? std::optional(estimate(*sweep, {}).trials) : std::nullopt;
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
    std::optional<std::int64_t> trials;
    try {
      path = find_recipe(name);
      trials = check(path);
      if (!options.json) fmt::print("{}: valid{}\n", path, counted(trials));
    } catch (const RecipeError& error) {
      problem = error.what();
    } catch (const UserError& error) {
      problem = fmt::format("{}\n", error.what());
    }
    verdicts.push_back({{"recipe", path}, {"valid", problem.empty()}, {"problems", problem}});
    if (trials) verdicts.back()["trials"] = *trials;
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
