#pragma once

#include "registry/components.hpp"
#include "registry/count_range.hpp"
#include "registry/field.hpp"
#include "registry/goal.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace runner {

struct SampleType;

enum class Type {
  boolean,
  integer,
  real,
  text,
  interval,
  count_range,
  integers,
  reals,
  texts,
  component,
  components,
  groups,  ///< of parameters, with fields of the optimizer that they stand in
  map,     ///< fields in a map of their own
  maps,    ///< a list of such maps
};

/// What is wrong with valid fields taken together; empty when nothing is.
using Conflict = std::string (*)(const Json& values);

/// Why a component cannot have these samples, as the rest of a sentence that begins with its name;
/// empty when it can.
using Misfit = std::string (*)(const Json& values, const SampleType& type);

/// One field as the parser, the schema, the help and the store see it: its C++ type erased.
struct FieldDescription {
  std::string name;
  std::string help;
  Type type;
  bool nullable;  ///< the member is a std::optional: a recipe may say null
  Json initial;   ///< the default
  Rule rule;
  std::string kind;                        ///< of components: what kind they are of
  std::vector<FieldDescription> fields{};  ///< of a map
  Conflict conflict = nullptr;             ///< of a map; null where there can be none

  /// Whether a recipe may leave it out.
  bool has_default() const { return nullable || !initial.is_null(); }
};

std::vector<std::string> names_of(const std::vector<FieldDescription>& fields);

/// Another component that one cannot be used with.
struct Refusal {
  std::string_view kind, name;
  std::string_view because;  ///< "it needs the whole gradient in one place"
};

/// A registered component: what `runner components` prints and a recipe may say.
struct ComponentDescription {
  std::string name;
  std::string summary;
  std::vector<FieldDescription> fields;
  std::string gives;  ///< a model: what its output is
  std::string needs;  ///< a loss: what the model must give; empty when anything will do
  bool batch_statistics =
      false;  ///< a model: a sample's output depends on its micro-batch's others
  /// A model: where its output [N, ...] has the classes; -1: behind all others.
  std::int64_t class_axis = 1;
  /// A model: it tells something of each position of a sample, and not one thing of all.
  bool per_position = false;
  Conflict conflict = nullptr;  ///< null where there can be none
  Misfit misfit = nullptr;      ///< null where any samples will do
  bool updates_all = false;     ///< an optimizer: all parameters together, so there are no groups
  std::vector<Refusal> refusals = {};
  std::vector<Measure> measures = {};  ///< a metric: its numbers, and what is better of each

  /// Null when there is no such field.
  const FieldDescription* find(std::string_view field_name) const;
  std::vector<std::string> field_names() const;
};

/// The value as the field stores it (an integer becomes a real where the field is real), or what
/// was expected instead: "a number above 0".
struct Checked {
  Json value;
  std::string expected;  ///< empty when the value is right
};

/// Components are not looked into: only a recipe's resolver knows where each was written.
Checked check(const FieldDescription& field, const Json& value);

/// "a whole number from 1 to 4096": for errors, help and the schema.
std::string expectation(const FieldDescription& field);

/// JSON Schema of the field, with its default and help. What it refers to in "$defs": "reference",
/// the kinds of components, and `fields_definition` of those that are a default.
Json schema(const FieldDescription& field);

/// The name in "$defs" of a component's fields, without its name.
std::string fields_definition(const std::string& kind, const std::string& component);

/// An options struct with fields of its own.
template <class T>
concept HasFields = requires {
  T::fields();
};

template <class T>
struct TypeOf;
template <HasFields T>
struct TypeOf<T> {
  static constexpr auto value = Type::map;
};
template <>
struct TypeOf<bool> {
  static constexpr auto value = Type::boolean;
};
template <>
struct TypeOf<int> {
  static constexpr auto value = Type::integer;
};
template <>
struct TypeOf<std::int64_t> {
  static constexpr auto value = Type::integer;
};
template <>
struct TypeOf<double> {
  static constexpr auto value = Type::real;
};
template <>
struct TypeOf<std::string> {
  static constexpr auto value = Type::text;
};
template <>
struct TypeOf<Interval> {
  static constexpr auto value = Type::interval;
};
template <>
struct TypeOf<CountRange> {
  static constexpr auto value = Type::count_range;
};
template <>
struct TypeOf<std::vector<std::int64_t>> {
  static constexpr auto value = Type::integers;
};
template <>
struct TypeOf<std::vector<std::string>> {
  static constexpr auto value = Type::texts;
};
template <>
struct TypeOf<std::vector<double>> {
  static constexpr auto value = Type::reals;
};
template <HasFields T>
struct TypeOf<std::vector<T>> {
  static constexpr auto value = Type::maps;
};
template <Literal Kind>
struct TypeOf<Component<Kind>> {
  static constexpr auto value = Type::component;
};
template <Literal Kind>
struct TypeOf<Components<Kind>> {
  static constexpr auto value = Type::components;
};
template <class T>
struct TypeOf<std::optional<T>> : TypeOf<T> {};

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

// The options struct that a field holds, alone or in a list, with the values that its fields begin
// with; no function of a field that holds none.
template <HasFields T>
const T& initial_map(const T& initial) {
  return initial;
}
template <HasFields T>
T initial_map(const std::vector<T>&) {
  return {};
}
template <HasFields T>
T initial_map(const std::optional<std::vector<T>>&) {
  return {};
}
template <HasFields T>
T initial_map(const std::optional<T>& initial) {
  return initial.value_or(T{});
}

// What is the same for every field is compiled once, and not in each of some hundred
// instantiations.
struct FieldSays {
  std::string_view name, help;
  Rule rule;
  Type type;
  bool nullable;
  std::string_view kind;
};
FieldDescription& add_field(std::vector<FieldDescription>& fields, const FieldSays& says,
                            Json initial);
const Json* find_value(const Json& map, std::string_view name);  ///< null when it is not there
void set_value(Json& map, std::string_view name, Json value);
ComponentDescription named(std::string_view name, std::string_view summary,
                           std::vector<FieldDescription> fields);

inline Json to_json_value(const Interval& interval) { return to_string(interval); }
inline Json to_json_value(const CountRange& range) {
  return range.is_open() ? Json(to_string(range)) : Json(range.least);
}
template <Literal Kind>
Json to_json_value(const Component<Kind>& component) {
  return component.value;
}
template <Literal Kind>
Json to_json_value(const Components<Kind>& components) {
  return components.list;
}
template <class T>
Json to_json_value(const T& value) {
  return value;
}
template <class T>
Json to_json_value(const std::optional<T>& value);
template <HasFields T>
Json to_json_value(const std::vector<T>& list);
template <HasFields T>
Json to_json_value(const T& options) {
  auto out = Json::object();
  for_each_field(options, [&](const auto& f, const auto& value) {
    set_value(out, f.name, to_json_value(value));
  });
  return out;
}
template <class T>
Json to_json_value(const std::optional<T>& value) {
  return value ? to_json_value(*value) : Json(nullptr);
}
template <HasFields T>
Json to_json_value(const std::vector<T>& list) {
  auto out = Json::array();
  for (const auto& options : list) out.push_back(to_json_value(options));
  return out;
}

inline void from_json_value(const Json& json, Interval& out) {
  out = parse_interval(json.get<std::string>()).value();
}
inline void from_json_value(const Json& json, CountRange& out) {
  out = json.is_string() ? parse_count_range(json.get<std::string>()).value()
                         : CountRange(json.get<std::int64_t>());
}
template <Literal Kind>
void from_json_value(const Json& json, Component<Kind>& out) {
  out.value = json;
}
template <Literal Kind>
void from_json_value(const Json& json, Components<Kind>& out) {
  out.list = json;
}
template <class T>
void from_json_value(const Json& json, T& out) {
  out = json.get<T>();
}
template <HasFields T>
void from_json_value(const Json& json, T& out);
template <HasFields T>
void from_json_value(const Json& json, std::vector<T>& out) {
  out.clear();
  for (const auto& each : json) from_json_value(each, out.emplace_back());
}
template <class T>
void from_json_value(const Json& json, std::optional<T>& out) {
  out.reset();
  if (!json.is_null()) from_json_value(json, out.emplace());
}

template <class Options>
constexpr Conflict conflict_of();

/// The description of an options struct: fields in the order that it lists them. Their defaults are
/// the values that they have in `initial`.
template <class Options>
std::vector<FieldDescription> describe_fields(const Options& initial = {}) {
  static_assert(describes_every_member<Options>(),
                "fields() must describe each member exactly once");
  std::vector<FieldDescription> out;
  for_each_field(initial, [&]<class T>(const auto& f, const T& value) {
    auto& added =
        add_field(out, {f.name, f.help, f.rule, TypeOf<T>::value, is_optional<T>, kind_of<T>},
                  to_json_value(value));
    if constexpr (requires { initial_map(value); }) {
      const auto& map = initial_map(value);
      added.fields = describe_fields(map);
      added.conflict = conflict_of<std::remove_cvref_t<decltype(map)>>();
    }
  });
  return out;
}

/// Fills an options struct from values that `check` has accepted; absent fields keep their
/// defaults.
template <class Options>
Options from_json(const Json& values) {
  Options options;
  for_each_field(options, [&](const auto& f, auto& value) {
    if (const auto* found = find_value(values, f.name)) from_json_value(*found, value);
  });
  return options;
}

template <HasFields T>
void from_json_value(const Json& json, T& out) {
  out = from_json<T>(json);
}

/// What is wrong with the options taken together, those of their parts included; empty when nothing
/// is.
template <class Options>
std::string find_conflict(const Options& options) {
  std::string found;
  if constexpr (requires { options.conflict(); }) found = options.conflict();
  for_each_entry<Options>(Overloaded{[&]<class Owner, class T>(const Nested<Owner, T>& part) {
                                       if (found.empty())
                                         found = find_conflict(options.*part.member);
                                     },
                                     []<class Owner, class T>(const Field<Owner, T>&) {}});
  return found;
}

template <class Options>
constexpr bool can_conflict() {
  bool can = requires(const Options& options) { options.conflict(); };
  for_each_entry<Options>(
      Overloaded{[&]<class Owner, class T>(const Nested<Owner, T>&) { can |= can_conflict<T>(); },
                 []<class Owner, class T>(const Field<Owner, T>&) {}});
  return can;
}

template <class Options>
constexpr Conflict conflict_of() {
  if constexpr (can_conflict<Options>())
    return [](const Json& values) { return find_conflict(from_json<Options>(values)); };
  else
    return nullptr;
}

template <class Options>
ComponentDescription describe_component(std::string_view name) {
  auto out = named(name, Options::summary, describe_fields<Options>());
  if constexpr (requires { Options::gives; }) out.gives = Options::gives;
  if constexpr (requires { Options::needs; }) out.needs = Options::needs;
  if constexpr (requires { Options::batch_statistics; })
    out.batch_statistics = Options::batch_statistics;
  if constexpr (requires { Options::updates_all; }) out.updates_all = Options::updates_all;
  if constexpr (requires { Options::refusals; })
    out.refusals.assign(Options::refusals.begin(), Options::refusals.end());
  if constexpr (requires { Options::measures; })
    out.measures.assign(Options::measures.begin(), Options::measures.end());
  if constexpr (requires { Options::class_axis; }) out.class_axis = Options::class_axis;
  if constexpr (requires { Options::per_position; }) out.per_position = Options::per_position;
  if constexpr (requires(const Options& options, const SampleType& type) { options.misfit(type); })
    out.misfit = [](const Json& values, const SampleType& type) {
      return from_json<Options>(values).misfit(type);
    };
  out.conflict = conflict_of<Options>();
  return out;
}

}  // namespace runner
