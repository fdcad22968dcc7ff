#include "runner/complete/recipe_paths.hpp"

#include "experiments/json.hpp"
#include "registry/kinds.hpp"
#include "runner/recipe/path.hpp"
#include "runner/recipe/resolve.hpp"
#include "runner/recipe/sections.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace runner::complete {
namespace {

using Fields = std::vector<const FieldDescription*>;

/// What may stand at a path of a recipe.
struct Spot {
  std::string path, about;
  const Json* value = nullptr;              ///< what the config has there; null: nothing
  const Kind* kind = nullptr;               ///< of the component that stands here
  const FieldDescription* field = nullptr;  ///< of a value or a list, and of a list's elements
  bool is_element = false;
  Fields fields = {};  ///< of a map; of the optimizer of a list of groups
};

using Spots = std::vector<Spot>;

const Json* value_in(const Json* map, const std::string& key) {
  if (!map || !map->is_object()) return nullptr;
  const auto found = map->find(key);
  return found == map->end() ? nullptr : &*found;
}

Fields pointers(const std::vector<FieldDescription>& fields) {
  Fields out;
  for (const auto& field : fields) out.push_back(&field);
  return out;
}

/// Of the component that is named, or of all.
Fields fields_of(const Kind& kind, const Json* name) {
  if (name && name->is_string())
    if (const auto* component = kind.find(name->get<std::string>()))
      return pointers(component->fields);
  Fields out;
  for (const auto& component : kind.components)
    for (const auto& field : component.fields) out.push_back(&field);
  return out;
}

Spot of_component(std::string path, std::string about, const Kind& kind, const Json* value) {
  return {.path = std::move(path),
          .about = std::move(about),
          .value = value,
          .kind = &kind,
          .fields = fields_of(kind, value_in(value, "name"))};
}

Spot of_field(const Spot& owner, const FieldDescription& field) {
  Spot out{.path = owner.path + (owner.path.empty() ? "" : ".") + field.name,
           .about = field.help,
           .value = value_in(owner.value, field.name),
           .field = &field};
  if (field.type == Type::map) out.fields = pointers(field.fields);
  if (field.type == Type::groups) out.fields = owner.fields;
  return out;
}

/// A group has the fields of the optimizer that it names, or else of the one that it stands in.
Spot of_group(Spot group, const Fields& of_optimizer) {
  const auto* name = value_in(group.value, "name");
  group.fields = pointers(group_fields());
  for (const auto* field : name ? fields_of(*find_kind("optimizer"), name) : of_optimizer)
    if (field->type != Type::groups) group.fields.push_back(field);
  if (const auto* match = value_in(group.value, "match")) group.about = as_text(*match);
  return group;
}

Spot of_element(const Spot& list, std::size_t index) {
  Spot out{.path = fmt::format("{}[{}]", list.path, index),
           .about = list.about,
           .value = &(*list.value)[index],
           .field = list.field,
           .is_element = true};
  if (list.field->type == Type::groups) return of_group(std::move(out), list.fields);
  const auto* kind = list.field->type == Type::components ? find_kind(list.field->kind) : nullptr;
  if (!kind) return out;
  const auto* name = value_in(out.value, "name");
  return of_component(out.path, name ? as_text(*name) : out.about, *kind, out.value);
}

bool is_list(const Spot& spot) {
  return spot.field && !spot.is_element && spot.value && spot.value->is_array();
}

Spots elements(const Spot& spot) {
  Spots out;
  if (!is_list(spot)) return out;
  for (std::size_t i = 0; i < spot.value->size(); ++i) out.push_back(of_element(spot, i));
  return out;
}

Spot of_section(const Section& section, const Json* value) {
  return {.path = section.key,
          .about = section.description.summary,
          .value = value,
          .fields = pointers(section.description.fields)};
}

Spots at_top(const Spot& top) {
  Spots out;
  const auto general = of_section(sections().front(), top.value);
  for (const auto* field : general.fields) out.push_back(of_field(general, *field));
  for (const auto& kind : kinds())
    if (!kind.in_lists)
      out.push_back(of_component(kind.name, kind.summary, kind, value_in(top.value, kind.name)));
  for (const auto& section : sections())
    if (!section.key.empty()) out.push_back(of_section(section, value_in(top.value, section.key)));
  return out;
}

/// Steps further, each by one key or element.
Spots inside(const Spot& spot) {
  if (spot.path.empty()) return at_top(spot);
  if (is_list(spot)) return elements(spot);
  Spots out;
  const bool is_group = spot.is_element && spot.field->type == Type::groups;
  if (is_group)
    out.push_back({.path = spot.path + ".name",
                   .about = "an optimizer of its own",
                   .kind = find_kind("optimizer")});
  for (const auto* field : spot.fields) out.push_back(of_field(spot, *field));
  return out;
}

std::optional<Spot> find(const Json& config, const std::string& path) {
  Spot spot{.value = &config};
  for (const auto& [key, offset] : path_steps(path)) {
    const auto dot = spot.path.empty() || element_of(key) ? "" : ".";
    const auto next = fmt::format("{}{}{}", spot.path, dot, key);
    const auto all = inside(spot);
    const auto found = std::ranges::find(all, next, &Spot::path);
    if (found == all.end()) return std::nullopt;
    spot = *found;
  }
  return spot;
}

bool is_map(const Spot& spot) { return !spot.fields.empty() && !is_list(spot); }

/// `optimizer=` for what has a value, `optimizer.` for what has fields.
void add_ways(const Spot& spot, Candidates& out) {
  if (spot.kind || !is_map(spot)) out.push_back({spot.path + "=", spot.about});
  if (is_map(spot)) out.push_back({spot.path + ".", spot.about});
}

Candidates keys(const Spot& parent) {
  Candidates out;
  for (const auto& spot : inside(parent)) {
    add_ways(spot, out);
    // Single numbers are offered when somebody has typed the bracket.
    for (const auto& element : elements(spot))
      if (is_map(element)) add_ways(element, out);
  }
  return out;
}

Candidates values(const Spot& spot) {
  Candidates out;
  if (spot.kind) {
    for (const auto& component : spot.kind->components)
      out.push_back({spot.path + "=" + component.name, component.summary});
    return out;
  }
  const auto* field = spot.field;
  if (!field || is_map(spot)) return out;
  if (spot.is_element) return {{spot.path + "=" + spot.value->dump(), spot.about}};
  if (field->type == Type::boolean)
    for (const auto* word : {"true", "false"}) out.push_back({spot.path + "=" + word, ""});
  if (const auto* one_of = std::get_if<OneOf>(&field->rule))
    for (const auto word : one_of->words)
      out.push_back({fmt::format("{}={}", spot.path, word), ""});
  if (out.empty()) out.push_back({spot.path + "=" + field->initial.dump(), expectation(*field)});
  return out;
}

}  // namespace

Candidates overrides(const Json& config, const std::string& begin) {
  const auto equals = begin.find('=');
  const bool names_value = equals != begin.npos;
  const auto last = begin.find_last_of(".[");
  const auto parent =
      names_value ? begin.substr(0, equals) : begin.substr(0, last == begin.npos ? 0 : last);
  const auto spot = find(config, parent);
  if (!spot) return {};
  return names_value ? values(*spot) : keys(*spot);
}

}  // namespace runner::complete
