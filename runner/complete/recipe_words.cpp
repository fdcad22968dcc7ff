#include "runner/complete/recipe_words.hpp"

#include "registry/kinds.hpp"
#include "runner/recipe/find.hpp"
#include "runner/recipe/sections.hpp"
#include "runner/sweep/section_help.hpp"
#include "runner/sweep/sweep_recipe.hpp"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

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

Json any_component(const Kind& kind) {
  Json out{{"name", kind.fallback}};
  for (const auto& component : kind.components)
    for (const auto& field : component.fields) out[field.name] = field.initial;
  return out;
}

Json initial_values(const ComponentDescription& description) {
  auto out = Json::object();
  for (const auto& field : description.fields) out[field.name] = field.initial;
  return out;
}

/// The field of a path such as `optimizer.lr`, in the component that the config names.
const FieldDescription* find_field(const Json& config, const std::string& path) {
  const auto dot = path.find('.');
  const auto first = path.substr(0, dot),
             rest = dot == std::string::npos ? "" : path.substr(dot + 1);
  if (const auto* kind = find_kind(first); kind && config.contains(first)) {
    const auto* component = kind->find(config.at(first).value("name", ""));
    if (component) return component->find(rest);
    for (const auto& each : kind->components)
      if (const auto* field = each.find(rest)) return field;
    return nullptr;
  }
  for (const auto& section : sections()) {
    if (section.key.empty() && rest.empty()) return section.description.find(first);
    if (section.key != first) continue;
    const auto inner = rest.find('.');
    const auto* field = section.description.find(rest.substr(0, inner));
    if (!field || inner == std::string::npos) return field;
    for (const auto& part : field->fields)
      if (part.name == rest.substr(inner + 1)) return &part;
  }
  return nullptr;
}

std::string about_path(const Json& config, const std::string& path) {
  if (const auto* field = find_field(config, path)) return field->help;
  if (const auto* kind = find_kind(path)) return kind->summary;
  for (const auto& section : sections())
    if (section.key == path) return section.description.summary;
  return "";
}

/// Where a path leads; null where it leads nowhere.
const Json* at(const Json& config, const std::string& path) {
  const auto* place = &config;
  for (std::size_t begin = 0; begin < path.size();) {
    const auto end = std::min(path.find('.', begin), path.size());
    if (!place->is_object()) return nullptr;
    const auto found = place->find(path.substr(begin, end - begin));
    if (found == place->end()) return nullptr;
    place = &*found;
    begin = end + 1;
  }
  return place;
}

Candidates keys(const Json& config, const std::string& parent) {
  const auto* values = at(config, parent.empty() ? "" : parent.substr(0, parent.size() - 1));
  Candidates out;
  if (!values || !values->is_object()) return out;
  for (const auto& [key, value] : values->items()) {
    if (key == "name" && !parent.empty()) continue;  // optimizer=adam says it
    const auto path = parent + key, about = about_path(config, path);
    const bool is_component = parent.empty() && find_kind(key);
    if (!value.is_object() || is_component) out.push_back({path + "=", about});
    if (value.is_object() && value.size() > (is_component ? 1U : 0U))
      out.push_back({path + ".", about});
  }
  return out;
}

Candidates values(const Json& config, const std::string& path) {
  Candidates out;
  if (find_kind(path)) {
    for (const auto& [name, about] : components(path)) out.push_back({path + "=" + name, about});
    return out;
  }
  const auto* field = find_field(config, path);
  if (!field) return out;
  if (field->type == Type::boolean)
    for (const auto* word : {"true", "false"}) out.push_back({path + "=" + word, ""});
  if (const auto* one_of = std::get_if<OneOf>(&field->rule))
    for (const auto word : one_of->words)
      if (!word.empty()) out.push_back({fmt::format("{}={}", path, word), ""});
  if (out.empty()) out.push_back({path + "=" + field->initial.dump(), expectation(*field)});
  return out;
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
  return any_config();
}

Json any_config() {
  auto out = Json::object();
  for (const auto& section : sections())
    if (section.key.empty())
      out.update(initial_values(section.description));
    else
      out[section.key] = initial_values(section.description);
  for (const auto& kind : kinds())
    if (!kind.in_lists) out[kind.name] = any_component(kind);
  return out;
}

Candidates overrides(const Json& config, const std::string& begin) {
  if (const auto equals = begin.find('='); equals != std::string::npos)
    return values(config, begin.substr(0, equals));
  const auto dot = begin.rfind('.');
  return keys(config, dot == std::string::npos ? "" : begin.substr(0, dot + 1));
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
