#include "runner/complete/recipe_words.hpp"

#include "registry/kinds.hpp"
#include "runner/recipe/find.hpp"
#include "runner/sweep/section_help.hpp"
#include "runner/sweep/sweep_recipe.hpp"

#include <algorithm>
#include <filesystem>

namespace runner::complete {
namespace {

namespace fs = std::filesystem;

/// In `folder`, what begins so; `shown` stands before it.
void list(const fs::path& folder, const std::string& begin, const std::string& shown,
          Candidates& out) {
  std::error_code unreadable;
  for (const auto& entry : fs::directory_iterator(folder, unreadable)) {
    const auto name = entry.path().filename().string();
    if (!name.starts_with(begin) || (name.starts_with('.') && begin.empty())) continue;
    const auto ending = entry.path().extension();
    if (entry.is_directory(unreadable))
      out.push_back({shown + name + "/", "folder"});
    else if (ending == ".yaml" || ending == ".yml")
      out.push_back({shown + name, "recipe"});
  }
}

}  // namespace

Candidates recipes(const std::string& begin) {
  const auto slash = begin.rfind('/');
  const auto shown = slash == std::string::npos ? "" : begin.substr(0, slash + 1);
  const auto name = begin.substr(shown.size());
  Candidates out;
  list(shown.empty() ? "." : shown, name, shown, out);
  if (out.empty() && !begin.starts_with('/')) list(installed_recipes() / shown, name, shown, out);
  if (shown.empty())
    for (const auto& known : recipe_names())
      if (known.starts_with(begin) && !fs::exists(known + ".yaml"))
        out.push_back({known, "recipe"});
  std::ranges::sort(out, {}, &Candidate::text);
  return out;
}

Json config_of_recipe(const std::string& recipe, const std::vector<std::string>& overrides) try {
  const auto read = read_run_or_sweep(find_recipe(recipe), overrides);
  if (const auto* sweep = std::get_if<SweepRecipe>(&read))
    return sweep->recipe_of(sweep->any_cell()).config;
  return std::get<Recipe>(read).config;
} catch (const std::exception&) {
  return Json::object();
}

Candidates kinds_and_sections() {
  Candidates out;
  for (const auto& kind : kinds()) out.push_back({kind.name, kind.summary});
  for (const auto& section : section_helps()) out.push_back({section.name, section.summary});
  return out;
}

Candidates components(const std::string& kind_name) {
  Candidates out;
  if (const auto* kind = find_kind(kind_name))
    for (const auto& component : kind->components)
      out.push_back({component.name, component.summary});
  return out;
}

Candidates components_or_fields(const std::string& topic) {
  auto out = components(topic);
  if (const auto* section = find_section_help(topic))
    for (const auto& field : section->fields) out.push_back({field.name, field.help});
  return out;
}

}  // namespace runner::complete
