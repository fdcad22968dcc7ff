#include "runner/commands/recipe_of_run.hpp"

#include "experiments/error.hpp"
#include "experiments/json.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace runner {

void refuse_imported(const RunDetails& details) {
  const auto data = to_json_document(details.run.data);
  if (data.is_object() && data.contains("imported"))
    throw UserError(fmt::format("run {} was imported and has no recipe", details.id));
}

Recipe recipe_of_run(const RunDetails& details, const std::vector<std::string>& overrides) {
  refuse_imported(details);
  auto recipe = read_config("run " + details.id, details.run.config, overrides);
  recipe.path = details.run.recipe_path;
  recipe.text = details.run.recipe_text;
  for (auto& [path, origin] : recipe.origins)
    for (const auto& setting : details.run.settings)
      if (setting.path == path && origin.starts_with("run " + details.id)) origin = setting.origin;
  return recipe;
}

}  // namespace runner
