#include "runner/recipe/resolve.hpp"

#include "experiments/nearest.hpp"
#include "registry/kinds.hpp"
#include "runner/recipe/fit.hpp"
#include "runner/recipe/known_fields.hpp"
#include "runner/recipe/merge.hpp"
#include "runner/recipe/scalar.hpp"
#include "runner/recipe/sections.hpp"
#include "runner/recipe/spot.hpp"
#include "runner/recipe/sweep_keys.hpp"

#include <cmath>
#include <deque>
#include <functional>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace runner {
namespace {

std::string unknown(std::string_view what, const std::string& name,
                    const std::vector<std::string>& known) {
  return fmt::format("{}; {}", what, known.empty() ? "it takes none" : what_instead(name, known));
}

std::string shown(const Node& value) {
  if (value.is_map()) return "a map";
  if (value.kind == Node::Kind::list) return plain(value).dump();
  if (value.scalar.is_string()) return fmt::format("'{}'", value.scalar.get<std::string>());
  if (value.scalar.is_number_float() && !std::isfinite(value.scalar.get<double>()))
    return std::isnan(value.scalar.get<double>()) ? ".nan"
           : value.scalar.get<double>() > 0       ? ".inf"
                                                  : "-.inf";
  return value.scalar.is_null() ? "empty" : value.scalar.dump();
}

/// Where a value comes from; null is a default.
std::string origin_of(const Node* given) {
  if (!given) return describe(Place{});
  auto references = given->reference;
  if (references.empty())
    for (const auto& item : given->items)
      if (!item.reference.empty()) references += (references.empty() ? "" : ", ") + item.reference;
  const auto written = describe(given->place);
  return references.empty() ? written : fmt::format("{} ({})", written, references);
}

/// YAML 1.1 read these as booleans, and its users still write them.
std::string boolean_hint(const FieldDescription& field, const Node& value) {
  if (field.type != Type::boolean || !value.scalar.is_string()) return "";
  for (const auto* word : {"yes", "no", "on", "off", "Yes", "No", "On", "Off", "y", "n"})
    if (value.scalar == word) return fmt::format(" ({} is a string in YAML 1.2)", word);
  return "";
}

/// What an argument says behind the key that it ends with: "0.1" of `lr=0.1`; else empty.
std::string_view argument_value(const Entry& entry) {
  const auto& source = entry.key_place.source;
  if (!source || !source->is_argument) return {};
  const auto equals = static_cast<std::size_t>(entry.key_place.column - 1) + entry.key.size();
  const auto text = std::string_view(source->text);
  return equals < text.size() && text[equals] == '=' ? text.substr(equals + 1) : "";
}

/// A component's name as it is written: `precision: 32` names '32', which there is not.
std::string name_text(const Node& name) {
  if (name.scalar.is_string()) return name.scalar.get<std::string>();
  return name.scalar.is_number() || name.scalar.is_boolean() ? name.scalar.dump() : "";
}

/// Several values where one is expected, each of them right: as `0.1,0.2`.
std::string matrix_hint(const std::string& path, const std::string& text,
                        const std::function<bool(const std::string&)>& is_right) {
  if (!is_enumeration(text)) return "";
  for (std::size_t begin = 0; begin < text.size();) {
    const auto end = std::min(text.find(',', begin), text.size());
    if (!is_right(text.substr(begin, end - begin))) return "";
    begin = end + 1;
  }
  return fmt::format("; a run for each value is {}", as_matrix(path, text));
}

/// The same for a field's value, which may be a list of them, too.
std::string matrix_hint(const FieldDescription& field, const Node& value, const std::string& path) {
  const auto is_right = [&](const Json& each) { return check(field, each).expected.empty(); };
  if (value.scalar.is_string())
    return matrix_hint(path, value.scalar.get<std::string>(),
                       [&](const std::string& each) { return is_right(read_scalar(each).value); });
  const auto list = plain(value);
  if (value.kind != Node::Kind::list || list.size() < 2 || !std::ranges::all_of(list, is_right))
    return "";
  const auto text = list.dump();
  return fmt::format("; a run for each value is {}",
                     as_matrix(path, text.substr(1, text.size() - 2)));
}

class Resolver {
 public:
  Resolver(const Node& tree, Recipe& recipe, Problems& problems)
      : tree_(tree), recipe_(recipe), problems_(problems) {}

  void resolve() {
    refuse_missing_elements(tree_, "", problems_);
    refuse_unknown_keys();
    recipe_.config = fields(sections().front().description, tree_, "");
    for (const auto& kind : kinds())
      if (!kind.in_fields) resolve_kind(kind);
    for (const auto& section : sections())
      if (!section.key.empty()) resolve_section(section, tree_.find(section.key), {});
    check_fit(recipe_.config, places_, wrong_, problems_);
    if (problems_.empty()) settle_modes();
  }

  void resolve_section(const Section& section, const Node* given,
                       const std::vector<std::string>& also) {
    static const Node nothing = Node::make_map({});
    if (given && !given->is_map()) {
      problems_.add(given->place,
                    fmt::format("{} is {}; expected a map with {}", section.key, shown(*given),
                                fmt::join(section.description.field_names(), ", ")));
      return;
    }
    const auto& map = given ? *given : nothing;
    refuse_unknown_fields(map, section.description.fields, fmt::format("'{}'", section.key), also);
    const auto problems_before = problems_.size();
    auto values = fields(section.description, map, section.key + ".");
    if (problems_.size() == problems_before)
      refuse_conflict(section.description.conflict, values, map.place, section.key);
    recipe_.config[section.key] = std::move(values);
  }

 private:
  void settle_modes() {
    const auto settled = runner::settle_modes(recipe_.config, places_, problems_);
    for (auto& [path, origin] : recipe_.origins)
      if (std::ranges::find(settled, path) != settled.end()) origin = "metric";
  }

  void refuse_unknown_keys() {
    const auto known = recipe_keys();
    for (const auto& entry : tree_.entries)
      if (std::find(known.begin(), known.end(), entry.key) == known.end())
        problems_.add(
            entry.key_place,
            unknown_key(fmt::format("a recipe has no key '{}'", entry.key), entry, known));
  }

  /// A key that is none here: the field of that name elsewhere in the recipe, else the nearest.
  std::string unknown_key(const std::string& what, const Entry& entry,
                          const std::vector<std::string>& known) {
    if (!known_fields_) known_fields_ = known_fields(tree_);
    const auto& fields = *known_fields_;
    const auto value = argument_value(entry);
    const auto is_elsewhere = [&](const std::string& path) {
      return path.ends_with("." + entry.key);
    };
    if (!std::ranges::any_of(fields, is_elsewhere)) return unknown(what, entry.key, known);
    if (!is_enumeration(value))
      return fmt::format("{}; did you mean {}?", what, suggested_paths(entry.key, value, fields));
    const auto path = *std::ranges::find_if(fields, is_elsewhere);
    return fmt::format("{}; did you mean {}? a run for each value is {}", what, path,
                       as_matrix(path, value));
  }

  /// Of values that are right one by one.
  void refuse_conflict(Conflict conflict, const Json& values, const Place& place,
                       const std::string& owner) {
    if (!conflict) return;
    if (const auto found = conflict(values); !found.empty())
      problems_.add(written(place), fmt::format("{}: {}", owner, found));
  }

  /// Where a mistake is shown that may be in a default.
  const Place& written(const Place& place) const { return place.source ? place : tree_.place; }

  /// `also` are known, too, but no fields.
  void refuse_unknown_fields(const Node& map, const std::vector<FieldDescription>& fields,
                             const std::string& owner, const std::vector<std::string>& also) {
    const auto known = names_of(fields);
    for (const auto& entry : map.entries)
      if (std::ranges::find(known, entry.key) == known.end() &&
          std::ranges::find(also, entry.key) == also.end())
        problems_.add(
            entry.key_place,
            unknown_key(fmt::format("{} has no field '{}'", owner, entry.key), entry, known));
  }

  Json fields(const ComponentDescription& description, const Node& map, const std::string& path) {
    auto out = Json::object();
    const auto problems_before = problems_.size();
    for (const auto& field : description.fields)
      out[field.name] = field.type == Type::groups
                            ? resolve_groups(description, field, map, path + field.name)
                            : resolve_field(field, map, path + field.name);
    if (out.contains("groups") && problems_.size() == problems_before)
      refuse_conflicts_in_groups(description, out, map, path);
    return out;
  }

  /// Fields of an optimizer that some parameters have for themselves: those that are given, no
  /// more.
  Json resolve_groups(const ComponentDescription& optimizer, const FieldDescription& field,
                      const Node& map, const std::string& path) {
    const auto* given = find(map, field, path);
    auto out = Json::array();
    if (!given || given->kind != Node::Kind::list || given->items.empty()) {
      resolve_field(field, map, path);
      return out;
    }
    for (const auto& item : given->items)
      out.push_back(resolve_group(optimizer, item, fmt::format("{}[{}]", path, out.size())));
    return out;
  }

  Json resolve_group(const ComponentDescription& optimizer, const Node& group,
                     const std::string& path) {
    auto out = Json::object();
    if (!group.is_map() || !group.find("match")) {
      problems_.add(group.place,
                    fmt::format("{} has no match; expected a pattern of parameters' names, as in "
                                "{{match: '*.bias', weight_decay: 0}}",
                                path));
      return out;
    }
    const auto* component = &optimizer;
    if (const auto* name = group.find("name")) {
      component = named_optimizer(*name);
      if (!component) return out;
      recipe_.origins.emplace_back(path + ".name", describe(name->place));
      out["name"] = component->name;
    }
    refuse_unknown_fields(group, component->fields, fmt::format("optimizer '{}'", component->name),
                          {"name", "match", "frozen"});
    const auto resolve_given = [&](const FieldDescription& field) {
      if (group.find(field.name))
        out[field.name] = resolve_field(field, group, path + "." + field.name);
    };
    for (const auto& field : group_fields()) resolve_given(field);
    for (const auto& field : component->fields)
      if (field.type != Type::groups) resolve_given(field);
    return out;
  }

  /// A group's fields take the place of the optimizer's, unless it names another.
  void refuse_conflicts_in_groups(const ComponentDescription& optimizer, const Json& values,
                                  const Node& map, const std::string& path) {
    const auto& groups = values.at("groups");
    for (std::size_t i = 0; i < groups.size(); ++i) {
      const auto name = groups[i].value("name", optimizer.name);
      auto all = name == optimizer.name ? values : Json::object();
      all.update(groups[i]);
      refuse_conflict(find_kind("optimizer")->find(name)->conflict, all,
                      map.find("groups")->items[i].place, fmt::format("{}groups[{}]", path, i));
    }
  }

  /// Null when there is no such optimizer, or none that a group can have.
  const ComponentDescription* named_optimizer(const Node& name) {
    const auto& kind = *find_kind("optimizer");
    const auto text = name.scalar.is_string() ? name.scalar.get<std::string>() : "";
    const auto* found = kind.find(text);
    if (!found)
      problems_.add(name.place, unknown(fmt::format("no optimizer is called '{}'", text), text,
                                        kind.component_names()));
    if (!found || !found->updates_all) return found;
    problems_.add(name.place, fmt::format("optimizer '{}' updates all parameters together: a group "
                                          "cannot have it for itself",
                                          text));
    return nullptr;
  }

  /// What is given for a field; elements alone, and fields of a component without its name, stand
  /// in its default.
  const Node* find(const Node& map, const FieldDescription& field, const std::string& path) {
    const auto* given = map.find(field.name);
    const bool is_part =
        given && (field.type == Type::component
                      ? field.initial.is_object() && given->is_map() && !given->find("name")
                      : field.initial.is_array() && names_elements(*given));
    if (!is_part) return given;
    auto& whole = defaults_.emplace_back(make_node(field.initial));
    whole.place = given->place;
    merge(whole, *given, spot_of(field));
    refuse_missing_elements(whole, path, problems_);
    return &whole;
  }

  Json resolve_field(const FieldDescription& field, const Node& map, const std::string& path) {
    const auto* given = find(map, field, path);
    if (given && given->scalar.is_discarded()) return field.initial;
    if (!is_null(field, given)) switch (field.type) {
        case Type::component:
          return resolve_nested(field, given, map, path);
        case Type::components:
        case Type::maps:
          return resolve_list(field, given, path);
        case Type::map:
          return resolve_map(field, given, path);
        default:
          break;
      }
    return resolve_value(field, given, path);
  }

  /// Whether there is nothing to look into.
  static bool is_null(const FieldDescription& field, const Node* given) {
    if (!field.nullable) return false;
    return given ? given->kind == Node::Kind::scalar && given->scalar.is_null()
                 : field.initial.is_null();
  }

  Json resolve_value(const FieldDescription& field, const Node* given, const std::string& path) {
    recipe_.origins.emplace_back(path, origin_of(given));
    places_[path] = given ? given->place : Place{};
    if (!given) return field.initial;
    auto checked = check(field, plain(*given));
    if (!checked.expected.empty())
      problems_.add(given->place,
                    fmt::format("{} is {}; expected {}{}{}", path, shown(*given), checked.expected,
                                boolean_hint(field, *given), matrix_hint(field, *given, path)));
    return checked.value;
  }

  Json resolve_map(const FieldDescription& field, const Node* given, const std::string& path) {
    static const Node nothing = Node::make_map({});
    if (!given || given->is_map()) return map_values(field, given ? *given : nothing, path);
    problems_.add(given->place,
                  fmt::format("{} is {}; expected {}", path, shown(*given), expectation(field)));
    return field.initial;
  }

  /// They have origins of their own: "save.keep_best.n".
  Json map_values(const FieldDescription& field, const Node& map, const std::string& path) {
    const auto problems_before = problems_.size();
    refuse_unknown_fields(map, field.fields, fmt::format("'{}'", path), {});
    auto out = Json::object();
    for (const auto& each : field.fields)
      out[each.name] = resolve_field(each, map, path + "." + each.name);
    if (problems_.size() == problems_before) refuse_conflict(field.conflict, out, map.place, path);
    return out;
  }

  /// Each component and each map in it is resolved as others are, and its values have origins of
  /// their own: "scheduler.schedulers[0].gamma".
  Json resolve_list(const FieldDescription& field, const Node* given, const std::string& path) {
    const auto list = given ? *given : make_node(field.initial);
    auto out = Json::array();
    if (list.kind != Node::Kind::list) {
      problems_.add(list.place,
                    fmt::format("{} is {}; expected {}", path, shown(list), expectation(field)));
      return out;
    }
    if (list.items.empty()) recipe_.origins.emplace_back(path, origin_of(&list));
    for (const auto& item : list.items) {
      const auto item_path = fmt::format("{}[{}]", path, out.size());
      // One that is wrong leaves its place empty: the others keep their numbers.
      const auto mistakes = problems_.size();
      auto element = resolve_element(field, item, item_path);
      out.push_back(element && problems_.size() == mistakes ? std::move(*element) : Json());
    }
    return out;
  }

  std::optional<Json> resolve_element(const FieldDescription& list, const Node& given,
                                      const std::string& path) {
    if (list.type == Type::components) return resolve_component(*find_kind(list.kind), given, path);
    if (given.is_map()) return map_values(list, given, path);
    if (!given.scalar.is_discarded())
      problems_.add(given.place, fmt::format("{} is {}; expected a map with {}", path, shown(given),
                                             fmt::join(names_of(list.fields), ", ")));
    return std::nullopt;
  }

  /// A component that stands in a field of `owner`.
  Json resolve_nested(const FieldDescription& field, const Node* given, const Node& owner,
                      const std::string& path) {
    const auto& kind = *find_kind(field.kind);
    if (!given && field.initial.is_null()) {
      problems_.add(written(owner.place), fmt::format("{} is missing; expected one of {}", path,
                                                      fmt::join(kind.component_names(), ", ")));
      return nullptr;
    }
    return resolve_component(kind, given ? *given : make_node(field.initial), path)
        .value_or(nullptr);
  }

  /// What the recipe says of a kind, or its default.
  void resolve_kind(const Kind& kind) {
    const auto problems_before = problems_.size();
    resolve_choice(kind);
    if (problems_.size() > problems_before) wrong_.insert(kind.name);
  }

  void resolve_choice(const Kind& kind) {
    static const Node nothing = Node::make_map({});
    const auto* given = tree_.find(kind.name);
    const bool unnamed = !given || (given->is_map() && !given->find("name"));
    std::optional<Json> component;
    if (unnamed && !kind.fallback.empty())
      component =
          fill_in(kind, *kind.find(kind.fallback), given ? *given : nothing, nullptr, kind.name);
    else if (given)
      component = resolve_component(kind, *given, kind.name);
    else
      problems_.add(tree_.place, fmt::format("the recipe has no {}; expected one of {}", kind.name,
                                             fmt::join(kind.component_names(), ", ")));
    if (component) recipe_.config[kind.name] = std::move(*component);
  }

  /// A component as it is written: its name, or a map with its name. Empty when that is wrong.
  std::optional<Json> resolve_component(const Kind& kind, const Node& given,
                                        const std::string& path) {
    const auto* name = given.is_map() ? given.find("name") : &given;
    if (name && name->scalar.is_discarded()) return std::nullopt;
    const auto text = name ? name_text(*name) : "";
    if (text.empty()) {
      problems_.add(
          name ? name->place : given.place,
          fmt::format("{} has no name; expected one of {}, alone or as {{name: ..., field: ...}}",
                      path, fmt::join(kind.component_names(), ", ")));
      return std::nullopt;
    }
    if (const auto* component = kind.find(text))
      return fill_in(kind, *component, given, name, path);
    const auto what = fmt::format("no {} is called '{}'", kind.name, text);
    const auto hint =
        matrix_hint(path, text, [&](const auto& each) { return kind.find(each) != nullptr; });
    problems_.add(name->place,
                  hint.empty() ? unknown(what, text, kind.component_names()) : what + hint);
    return std::nullopt;
  }

  Json fill_in(const Kind& kind, const ComponentDescription& component, const Node& given,
               const Node* name, const std::string& path) {
    const auto place = name ? name->place : Place{};
    const auto owner = fmt::format("{} '{}'", kind.name, component.name);
    refuse_unknown_fields(given, component.fields, owner, {"name"});
    const auto problems_before = problems_.size();
    recipe_.origins.emplace_back(path + ".name", origin_of(name));
    Json out{{"name", component.name}};
    out.update(fields(component, given, path + "."));
    if (problems_.size() == problems_before)
      refuse_conflict(component.conflict, out, place.source ? place : given.place, owner);
    places_[path] = place;
    return out;
  }

  const Node& tree_;
  Recipe& recipe_;
  Problems& problems_;
  Places places_;
  std::set<std::string> wrong_;                           ///< kinds of which a field is wrong
  std::optional<std::vector<std::string>> known_fields_;  ///< of the recipe, once they are wanted
  std::deque<Node> defaults_;                             ///< of which the recipe changes a part
};

}  // namespace

void resolve(const Node& tree, Recipe& recipe, Problems& problems) {
  Resolver(tree, recipe, problems).resolve();
}

Json resolve_section(const std::string& key, const ComponentDescription& description,
                     const Node* given, const std::vector<std::string>& also, Problems& problems) {
  Recipe recipe;
  Resolver(Node::make_map({}), recipe, problems).resolve_section({key, description}, given, also);
  return recipe.config.is_object() ? recipe.config.value(key, Json::object()) : Json::object();
}

}  // namespace runner
