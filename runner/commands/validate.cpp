#include "runner/commands/validate.hpp"

#include "runner/recipe/find.hpp"
#include "runner/recipe/recipe.hpp"

#include <memory>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

namespace runner {
namespace {

struct Options {
  std::vector<std::string> recipes;
  bool json = false;
};

int validate(const Options& options) {
  std::string problems;
  auto verdicts = Json::array();
  for (const auto& name : options.recipes) {
    const auto path = find_recipe(name);
    std::string problem;
    try {
      read_recipe(path);
      if (!options.json) fmt::print("{}: valid\n", path);
    } catch (const RecipeError& error) {
      problem = error.what();
    }
    verdicts.push_back({{"recipe", path}, {"valid", problem.empty()}, {"problems", problem}});
    problems += problem;
  }
  if (options.json)
    fmt::print("{}\n", verdicts.dump(2));
  else
    fmt::print(stderr, "{}", problems);
  return problems.empty() ? 0 : 2;
}

}  // namespace

void add_validate(CLI::App& app, Command& chosen) {
  auto options = std::make_shared<Options>();
  auto* command = app.add_subcommand("validate", "Check recipes, and show every mistake at once");
  command->add_option("recipes", options->recipes, "Recipes to check")->required();
  command->add_flag("--json", options->json, "An array with a verdict for each recipe");
  command->callback([options, &chosen] { chosen = [options] { return validate(*options); }; });
}

}  // namespace runner
