#include "runner/commands/recipe_of_run.hpp"

namespace runner {

Recipe recipe_of_run(const RunDetails& details, const std::vector<std::string>& overrides) {
  auto recipe = read_config("run " + details.id, details.run.config, overrides);
  recipe.path = details.run.recipe_path;
  recipe.text = details.run.recipe_text;
  for (auto& [path, origin] : recipe.origins)
    for (const auto& setting : details.run.settings)
      if (setting.path == path && origin.starts_with("run " + details.id)) origin = setting.origin;
  return recipe;
}

}  // namespace runner
