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

std::string stored_config(const RunDetails& details) {
  refuse_imported(details);
  auto config = Json::parse(details.run.config);
  for (const auto& setting : details.run.settings)
    if (setting.path.ends_with(".mode") &&
        (setting.origin == "default" || setting.origin == "metric")) {
      const auto owner =
          setting.path.substr(0, setting.path.size() - std::string_view(".mode").size());
      auto& part = value_at(config, owner);
      if (part.contains("metric")) part["mode"] = nullptr;
    }
  return dumped(config);
}

Recipe recipe_of_run(const RunDetails& details, const std::vector<std::string>& overrides) {
  auto recipe = read_config("run " + details.id, stored_config(details), overrides);
  recipe.path = details.run.recipe_path;
  recipe.text = details.run.recipe_text;
  for (auto& [path, origin] : recipe.origins)
    for (const auto& setting : details.run.settings)
      if (setting.path == path && origin.starts_with("run " + details.id)) origin = setting.origin;
  return recipe;
}

}  // namespace runner
