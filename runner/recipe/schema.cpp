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

/// `required`: besides the fields that have no default.
Json component_schema(const ComponentDescription& component, Json required) {
  Json named{{"name", {{"const", component.name}}}};
  named.update(properties(component));
  for (const auto& field : component.fields)
    if (!field.has_default()) required.push_back(field.name);
  return {{"type", "object"},
          {"description", component.summary},
          {"properties", std::move(named)},
          {"required", std::move(required)},
          {"additionalProperties", false}};
}

Json kind_schema(const Kind& kind) {
  auto choices =
      Json::array({Json{{"enum", kind.component_names()}}, Json{{"$ref", "#/$defs/reference"}}});
  for (const auto& component : kind.components)
    choices.push_back(component_schema(component, {"name"}));
  return {{"description", kind.summary}, {"anyOf", std::move(choices)}};
}

/// The key of a kind, as a field that holds one component.
FieldDescription field_of(const Kind& kind) {
  FieldDescription field{kind.name, kind.summary, Type::component, false, nullptr, {}, kind.name};
  if (!kind.fallback.empty()) field.initial = {{"name", kind.fallback}};
  return field;
}

/// Of the components that are the default of a field: what fields without a name are.
void define_defaults(const std::vector<FieldDescription>& fields, Json& definitions) {
  for (const auto& field : fields) {
    define_defaults(field.fields, definitions);
    if (field.type != Type::component || field.initial.is_null()) continue;
    const auto name = field.initial.at("name").get<std::string>();
    definitions[fields_definition(field.kind, name)] =
        component_schema(*find_kind(field.kind)->find(name), Json::array());
  }
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
  for (const auto& section : sections()) define_defaults(section.description.fields, definitions);
  for (const auto& kind : kinds()) {
    definitions[kind.name] = kind_schema(kind);
    for (const auto& component : kind.components) define_defaults(component.fields, definitions);
    if (kind.in_fields) continue;
    keys[kind.name] = schema(field_of(kind));
    define_defaults({field_of(kind)}, definitions);
  }
  return {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
          {"title", "runner recipe"},
          {"type", "object"},
          {"properties", std::move(keys)},
          {"additionalProperties", false},
          {"$defs", std::move(definitions)}};
}

}  // namespace runner
