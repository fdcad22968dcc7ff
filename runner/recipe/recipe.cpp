#include "runner/recipe/recipe.hpp"

#include "experiments/text.hpp"
#include "runner/recipe/load.hpp"
#include "runner/recipe/reference.hpp"
#include "runner/recipe/resolve.hpp"

#include <filesystem>

#include <fmt/format.h>

namespace runner {
namespace {

/// "schedulers[0]" is an element of a list.
const Json& child_at(const Json& config, std::string_view part) {
  const auto bracket = part.find('[');
  const auto& child = config.at(std::string(part.substr(0, bracket)));
  if (bracket == std::string_view::npos) return child;
  return child.at(std::stoul(std::string(part.substr(bracket + 1))));
}

/// It is shown in every list.
void refuse_bad_name(const Node& recipe, Problems& problems) {
  const auto* name = recipe.find("name");
  if (!name || !name->scalar.is_string()) return;
  if (const auto problem = problem_of_line(name->scalar.get<std::string>()); !problem.empty())
    problems.add(name->place, fmt::format("this cannot be a run's name: {}", problem));
}

}  // namespace

Json& value_at(Json& config, std::string_view path) {
  return const_cast<Json&>(value_at(std::as_const(config), path));
}

const Json& value_at(const Json& config, std::string_view path) {
  const auto dot = path.find('.');
  const auto& child = child_at(config, path.substr(0, dot));
  return dot == std::string_view::npos ? child : value_at(child, path.substr(dot + 1));
}

Recipe check_recipe(const std::string& path, Loaded loaded, Problems& problems) {
  Recipe recipe{path, std::move(loaded.text), Json::object(), {}};
  const auto default_name = printable(std::filesystem::path(path).stem().string());
  interpolate(loaded.tree, loaded.tree, default_name, problems);
  resolve(loaded.tree, recipe, problems);
  refuse_bad_name(loaded.tree, problems);
  if (!problems.empty()) throw RecipeError(problems);
  if (recipe.name().empty()) recipe.config["name"] = default_name;
  return recipe;
}

namespace {

Recipe check(const std::string& path, std::optional<Loaded> loaded, Problems& problems) {
  if (!loaded) throw RecipeError(problems);
  return check_recipe(path, std::move(*loaded), problems);
}

}  // namespace

Recipe read_recipe(const std::string& path, const std::vector<std::string>& overrides) {
  Problems problems;
  auto loaded = load(path, overrides, problems);
  return check(path, std::move(loaded), problems);
}

Recipe read_config(const std::string& name, const std::string& config,
                   const std::vector<std::string>& overrides) {
  Problems problems;
  auto loaded = load_text(name, config, overrides, problems);
  return check(name, std::move(loaded), problems);
}

}  // namespace runner
