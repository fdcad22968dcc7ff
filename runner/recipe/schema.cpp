#include "runner/recipe/schema.hpp"

#include "registry/kinds.hpp"
#include "runner/recipe/sections.hpp"

namespace runner {
namespace {

Json properties(const ComponentDescription& description) {
  auto out = Json::object();
  for (const auto& field : description.fields) out[field.name] = schema(field);
  return out;
}

Json component_schema(const ComponentDescription& component) {
  Json named{{"name", {{"const", component.name}}}};
  named.update(properties(component));
  return {{"type", "object"},
          {"description", component.summary},
          {"properties", std::move(named)},
          {"required", {"name"}},
          {"additionalProperties", false}};
}

Json kind_schema(const Kind& kind) {
  auto choices =
      Json::array({Json{{"enum", kind.component_names()}}, Json{{"$ref", "#/$defs/reference"}}});
  for (const auto& component : kind.components) choices.push_back(component_schema(component));
  return {{"description", kind.summary}, {"anyOf", std::move(choices)}};
}

Json extends_schema() {
  return {{"description", extends_help},
          {"anyOf", Json::array({Json{{"type", "string"}},
                                 Json{{"type", "array"}, {"items", {{"type", "string"}}}}})}};
}

}  // namespace

Json section_schema(const ComponentDescription& section) {
  return {{"type", "object"},
          {"description", section.summary},
          {"properties", properties(section)},
          {"additionalProperties", false}};
}

Json recipe_schema(const Json& more) {
  Json keys{{"extends", extends_schema()}};
  for (const auto& section : sections())
    if (section.key.empty())
      keys.update(properties(section.description));
    else
      keys[section.key] = section_schema(section.description);
  keys.update(more);
  // Kinds have names of their own, since a component may hold others of its kind.
  Json definitions{{"reference",
                    {{"description",
                      "${path} of the recipe, or ${env:NAME} or "
                      "${env:NAME,default} of the environment"},
                     {"type", "string"},
                     {"pattern", "\\$\\{.+\\}"}}}};
  for (const auto& kind : kinds()) {
    definitions[kind.name] = kind_schema(kind);
    if (!kind.in_lists) keys[kind.name] = {{"$ref", "#/$defs/" + kind.name}};
  }
  return {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
          {"title", "runner recipe"},
          {"type", "object"},
          {"properties", std::move(keys)},
          {"additionalProperties", false},
          {"$defs", std::move(definitions)}};
}

}  // namespace runner
