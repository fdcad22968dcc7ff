#include "runner/recipe/spot.hpp"

#include "runner/recipe/path.hpp"
#include "runner/recipe/sections.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace runner {
namespace {

using Fields = std::vector<FieldDescription>;

/// Of the component that is named; null when there is none.
const Fields* fields_of(const Kind& kind, const std::string& name) {
  const auto* component = kind.find(name);
  return component ? &component->fields : nullptr;
}

/// Those that a map can have, list by list.
std::vector<const Fields*> lists_of(const Spot& spot) {
  std::vector<const Fields*> out;
  if (spot.is_group()) out.push_back(&group_fields());
  if (spot.fields) out.push_back(spot.fields);
  if (spot.fields || !(spot.is_component() || spot.is_group())) return out;
  const auto& kind = spot.is_group() ? *find_kind("optimizer") : *spot.kind;
  for (const auto& component : kind.components) out.push_back(&component.fields);
  return out;
}

bool can_have(const Spot& spot, const FieldDescription& field) {
  return !spot.is_group() || field.type != Type::groups;
}

/// Null when there is none.
const FieldDescription* find_field(const Spot& map, const std::string& name) {
  for (const auto* fields : lists_of(map))
    for (const auto& field : *fields)
      if (field.name == name && can_have(map, field)) return &field;
  return nullptr;
}

/// A component that the recipe does not name is the default, or any; or none, which has no fields.
void fill_component(Spot& spot, const Kind& kind, const std::string& name, const Json& initial) {
  static const Fields none;
  spot.kind = &kind;
  if (name.empty()) spot.initial = initial;
  const bool can_be_none = spot.field && spot.field->nullable && !spot.is_element;
  spot.fields = name.empty() && initial.is_null() && can_be_none
                    ? &none
                    : fields_of(kind, name.empty() ? component_name(&initial) : name);
}

const Json* value_in(const Spot& spot, const std::string& key) {
  if (!spot.value) return nullptr;
  const auto& value = *spot.value;
  if (const auto index = element_of(key))
    return value.is_array() && *index < value.size() ? &value[*index] : nullptr;
  // A component's short form is its name.
  if (spot.is_component() && key == "name" && value.is_string()) return &value;
  return value.is_object() ? find_value(value, key) : nullptr;
}

void fill_element(Spot& spot, const Spot& list, std::size_t index, const std::string& name) {
  const auto& field = *list.field;
  spot.about = field.help;
  spot.field = &field;
  spot.is_element = true;
  const auto initial = index < list.initial.size() ? list.initial[index] : Json();
  if (field.type == Type::components)
    return fill_component(spot, *find_kind(field.kind), name, initial);
  spot.initial = initial;
  if (field.type == Type::maps) spot.fields = &field.fields;
  // A group has the fields of the optimizer that it names, or else of the one that it stands in.
  if (field.type == Type::groups)
    spot.fields = name.empty() ? list.fields : fields_of(*find_kind("optimizer"), name);
}

void fill_field(Spot& spot, const Spot& owner, const FieldDescription& field,
                const std::string& name) {
  spot.about = field.help;
  spot.field = &field;
  const auto* own = owner.initial.is_object() ? find_value(owner.initial, field.name) : nullptr;
  const auto& initial = own ? *own : field.initial;
  if (field.type == Type::component)
    return fill_component(spot, *find_kind(field.kind), name, initial);
  // What a group does not say, its optimizer says.
  if (!owner.is_group()) spot.initial = initial;
  if (field.type == Type::map) spot.fields = &field.fields;
  if (field.type == Type::groups) spot.fields = owner.fields;
}

void fill_name(Spot& spot, const Spot& component) {
  spot.kind = component.kind ? component.kind : find_kind("optimizer");
  spot.about =
      component.kind ? std::string_view(component.kind->summary) : "an optimizer of its own";
  spot.is_name = true;
  if (component.initial.is_object()) spot.initial = component.initial.value("name", Json());
}

void fill_section(Spot& spot, const ComponentDescription& section) {
  spot.about = section.summary;
  spot.fields = &section.fields;
}

void fill_at_top(Spot& spot, const Spot& recipe, const std::string& key, const std::string& name) {
  for (const auto& section : sections())
    if (section.key == key && !key.empty()) return fill_section(spot, section.description);
  if (const auto* kind = find_kind(key); kind && !kind->in_fields) {
    spot.about = kind->summary;
    const bool is_default = name.empty() && !kind->fallback.empty();
    return fill_component(spot, *kind, name, is_default ? Json{{"name", kind->fallback}} : Json());
  }
  if (const auto* field = sections().front().description.find(key))
    fill_field(spot, recipe, *field, name);
}

std::vector<std::string> keys_of_recipe() {
  auto keys = sections().front().description.field_names();
  for (const auto& kind : kinds())
    if (!kind.in_fields) keys.push_back(kind.name);
  for (const auto& section : sections())
    if (!section.key.empty()) keys.push_back(section.key);
  return keys;
}

std::vector<std::string> keys_of(const Spot& spot) {
  if (spot.is_recipe) return keys_of_recipe();
  std::vector<std::string> keys;
  if (spot.is_list()) {
    const auto size = spot.value && spot.value->is_array() ? spot.value->size() : 0;
    for (std::size_t i = 0; i < size; ++i) keys.push_back(fmt::format("[{}]", i));
    return keys;
  }
  if (spot.is_group()) keys.emplace_back("name");
  for (const auto* fields : lists_of(spot))
    for (const auto& field : *fields)
      if (can_have(spot, field) && std::ranges::find(keys, field.name) == keys.end())
        keys.push_back(field.name);
  return keys;
}

}  // namespace

bool Spot::is_list() const {
  if (!field || is_element) return false;
  switch (field->type) {
    case Type::integers:
    case Type::reals:
    case Type::texts:
    case Type::components:
    case Type::groups:
    case Type::maps:
      return true;
    default:
      return false;
  }
}

bool Spot::is_map() const {
  if (is_list()) return false;
  return is_recipe || is_group() || (fields ? !fields->empty() : is_component());
}

Spot spot_of_recipe() { return {.is_recipe = true}; }

Spot spot_of(const Json& recipe) { return {.is_recipe = true, .value = &recipe}; }

Spot spot_of(const FieldDescription& field) {
  Spot out;
  fill_field(out, Spot{}, field, "");
  return out;
}

Spot step(const Spot& spot, const std::string& key, const std::string& name) {
  const auto index = element_of(key);
  Spot out{.path = spot.path + (spot.path.empty() || index ? "" : ".") + key};
  if (spot.is_recipe) {
    fill_at_top(out, spot, key, name);
  } else if (index) {
    if (spot.is_list()) fill_element(out, spot, *index, name);
  } else if (key == "name" && (spot.is_component() || spot.is_group())) {
    fill_name(out, spot);
  } else if (spot.is_map()) {
    if (const auto* field = find_field(spot, key)) fill_field(out, spot, *field, name);
  }
  return out;
}

Spot step(const Spot& spot, const std::string& key) {
  const auto* value = value_in(spot, key);
  auto out = step(spot, key, component_name(value));
  out.value = value;
  return out;
}

std::vector<Spot> inside(const Spot& spot) {
  std::vector<Spot> out;
  for (const auto& key : keys_of(spot)) out.push_back(step(spot, key));
  return out;
}

std::string component_name(const Json* component) {
  const auto* name =
      component && component->is_object() ? find_value(*component, "name") : component;
  return name && name->is_string() ? name->get<std::string>() : "";
}

const std::vector<FieldDescription>& group_fields() {
  static const std::vector<FieldDescription> all{
      {"match", "a pattern of names", Type::text, false, nullptr, Anything{}, {}},
      {"frozen", "not updated at all", Type::boolean, false, nullptr, Anything{}, {}}};
  return all;
}

}  // namespace runner
