#include "runner/recipe/known_fields.hpp"

#include "experiments/nearest.hpp"
#include "registry/kinds.hpp"
#include "runner/recipe/sections.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace runner {
namespace {

constexpr std::size_t most_suggested = 3;

void add_fields(const std::vector<FieldDescription>& fields, const std::string& prefix,
                std::vector<KnownField>& out) {
  for (const auto& field : fields) {
    const auto path = prefix + field.name;
    if (std::ranges::find(out, path, &KnownField::path) == out.end()) out.push_back({path, field});
    add_fields(field.fields, path + ".", out);
  }
}

/// The name under which a recipe has a component; empty when it has none.
std::string chosen_name(const Node& recipe, const Kind& kind) {
  const auto* given = recipe.find(kind.name);
  const auto* name = given && given->is_map() ? given->find("name") : given;
  return name && name->scalar.is_string() ? name->scalar.get<std::string>() : kind.fallback;
}

void add_fields_of(const Kind& kind, const Node& recipe, std::vector<KnownField>& out) {
  if (const auto* component = kind.find(chosen_name(recipe, kind))) {
    add_fields(component->fields, kind.name + ".", out);
    return;
  }
  for (const auto& component : kind.components) add_fields(component.fields, kind.name + ".", out);
}

std::string last_step(const std::string& path) { return path.substr(path.rfind('.') + 1); }

std::vector<std::string> paths_to(const std::string& name, const std::vector<KnownField>& known) {
  std::vector<std::string> paths;
  for (const auto& each : known)
    if (each.path == name || last_step(each.path) == name) paths.push_back(each.path);
  return paths;
}

}  // namespace

std::vector<KnownField> known_fields(const Node& recipe) {
  std::vector<KnownField> out;
  for (const auto& section : sections())
    add_fields(section.description.fields, section.key.empty() ? "" : section.key + ".", out);
  for (const auto& kind : kinds())
    if (!kind.in_lists) add_fields_of(kind, recipe, out);
  return out;
}

std::string suggested_paths(std::string_view name, std::string_view value,
                            const std::vector<KnownField>& known) {
  auto paths = paths_to(std::string(name), known);
  if (paths.empty()) {
    std::vector<std::string> names;
    for (const auto& each : known) names.push_back(each.path);
    for (const auto& each : known) names.push_back(last_step(each.path));
    if (const auto close = nearest(name, names)) paths = paths_to(*close, known);
  }
  if (paths.size() > most_suggested) paths.resize(most_suggested);
  if (!value.empty())
    for (auto& path : paths) path += fmt::format("={}", value);
  return fmt::format("{}", fmt::join(paths, " or "));
}

bool is_enumeration(std::string_view text) {
  return text.find(',') != text.npos && text.find_first_of("[{\"' ") == text.npos &&
         text.front() != ',' && text.back() != ',' && text.find(",,") == text.npos;
}

std::string as_matrix(const std::string& path, std::string_view values) {
  return fmt::format("'matrix.{}=[{}]'", path, values);
}

}  // namespace runner
