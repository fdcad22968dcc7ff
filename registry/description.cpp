#include "registry/description.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace runner {
namespace {

std::string_view type_name(Type type) {
  switch (type) {
    case Type::boolean:
      return "true or false";
    case Type::integer:
      return "a whole number";
    case Type::real:
      return "a number";
    case Type::text:
      return "a string";
    case Type::interval:
      return "an interval such as '1 epoch', '500 steps' or '10 minutes'";
    case Type::count_range:
      return "a whole number, or two as in 1..4,";
    case Type::integers:
      return "a list of whole numbers";
    case Type::reals:
      return "a list of numbers";
    case Type::texts:
      return "a list of strings";
    case Type::component:
      return "a component";
    case Type::components:
      return "a list of components";
    case Type::groups:
      return "a list such as [{match: '*.bias', weight_decay: 0}]";
    case Type::map:
      return "a map";
    case Type::maps:
      return "a list of maps";
  }
  return "";
}

std::string describe_range(std::string_view type, const Range& range) {
  return range.high == unlimited ? fmt::format("{} of at least {}", type, range.low)
                                 : fmt::format("{} from {} to {}", type, range.low, range.high);
}

bool obeys(const Rule& rule, double number) {
  return std::visit(
      Overloaded{[&](const Range& r) { return r.low <= number && number <= r.high; },
                 [&](const RangeBelow& r) { return r.low <= number && number < r.high; },
                 [&](const Above& a) { return number > a.low; }, [](const auto&) { return true; }},
      rule);
}

bool obeys(const Rule& rule, const std::string& text) {
  const auto* one_of = std::get_if<OneOf>(&rule);
  return !one_of || std::ranges::find(one_of->words, text) != one_of->words.end();
}

std::optional<Json> as_integer(const Json& value) {
  if (value.is_number_integer()) return value;
  return std::nullopt;
}

std::optional<Json> as_real(const Json& value) {
  if (value.is_number() && std::isfinite(value.get<double>())) return Json(value.get<double>());
  return std::nullopt;
}

std::optional<Json> as_string(const Json& value, const Rule& rule) {
  return value.is_string() && obeys(rule, value.get<std::string>()) ? std::optional(value)
                                                                    : std::nullopt;
}

std::optional<Json> as_texts(const Json& value, const Rule& rule) {
  if (!value.is_array()) return std::nullopt;
  const auto is_text = [&](const Json& element) { return as_string(element, rule).has_value(); };
  return std::all_of(value.begin(), value.end(), is_text) ? std::optional(value) : std::nullopt;
}

std::optional<Json> as_count_range(const Json& value, const Rule& rule) {
  const auto range = value.is_string() ? parse_count_range(value.get<std::string>())
                     : value.is_number_integer()
                         ? std::optional(CountRange(value.get<std::int64_t>()))
                         : std::nullopt;
  const auto obeying = [&](std::int64_t number) {
    return obeys(rule, static_cast<double>(number));
  };
  if (!range || !obeying(range->least) || !obeying(range->most)) return std::nullopt;
  return to_json_value(*range);
}

template <class Convert>
std::optional<Json> as_list(const Json& value, const Rule& rule, Convert convert) {
  if (!value.is_array()) return std::nullopt;
  Json out = Json::array();
  for (const auto& element : value) {
    const auto converted = convert(element);
    if (!converted || !obeys(rule, converted->template get<double>())) return std::nullopt;
    out.push_back(*converted);
  }
  return out;
}

std::optional<Json> convert(Type type, const Rule& rule, const Json& value) {
  const auto obeying = [&](std::optional<Json> number) {
    return number && obeys(rule, number->get<double>()) ? number : std::nullopt;
  };
  switch (type) {
    case Type::boolean:
      return value.is_boolean() ? std::optional(value) : std::nullopt;
    case Type::integer:
      return obeying(as_integer(value));
    case Type::real:
      return obeying(as_real(value));
    case Type::count_range:
      return as_count_range(value, rule);
    case Type::integers:
      return as_list(value, rule, as_integer);
    case Type::reals:
      return as_list(value, rule, as_real);
    case Type::text:
      return as_string(value, rule);
    case Type::texts:
      return as_texts(value, rule);
    case Type::component:
      return value.is_string() || value.is_object() ? std::optional(value) : std::nullopt;
    case Type::components:
    case Type::groups:
    case Type::maps:
      return value.is_array() ? std::optional(value) : std::nullopt;
    case Type::map:
      return value.is_object() ? std::optional(value) : std::nullopt;
    case Type::interval: {
      const auto interval =
          value.is_string() ? parse_interval(value.get<std::string>()) : std::nullopt;
      return interval ? std::optional<Json>(to_string(*interval)) : std::nullopt;
    }
  }
  return std::nullopt;
}

Json element_schema(std::string_view type, const Rule& rule) {
  Json out{{"type", type}};
  std::visit(
      Overloaded{[&](const Range& r) {
                   out["minimum"] = r.low;
                   if (r.high != unlimited) out["maximum"] = r.high;
                 },
                 [&](const RangeBelow& r) {
                   out["minimum"] = r.low;
                   out["exclusiveMaximum"] = r.high;
                 },
                 [&](const Above& a) { out["exclusiveMinimum"] = a.low; },
                 [&](const OneOf& words) { out["enum"] = words.words; }, [](const Anything&) {}},
      rule);
  return out;
}

/// Anything can be a reference to a value that stands elsewhere; any string is one as it is.
Json or_reference(Json value) {
  if (value == Json{{"type", "string"}}) return value;
  return {{"anyOf", Json::array({std::move(value), Json{{"$ref", "#/$defs/reference"}}})}};
}

Json definition(const std::string& name) { return {{"$ref", "#/$defs/" + name}}; }

/// Fields without a name are those of the default.
Json component_schema(const FieldDescription& field) {
  auto choices = Json::array({definition(field.kind)});
  if (!field.initial.is_null())
    choices.push_back(definition(fields_definition(field.kind, field.initial.at("name"))));
  return {{"anyOf", std::move(choices)}};
}

Json type_schema(Type type, const Rule& rule) {
  switch (type) {
    case Type::boolean:
      return {{"type", "boolean"}};
    case Type::integer:
      return element_schema("integer", rule);
    case Type::real:
      return element_schema("number", rule);
    case Type::text:
      return element_schema("string", rule);
    case Type::interval:
      return {{"type", "string"},
              {"pattern", "^[1-9][0-9]* *(epoch|step|sample|second|minute|hour)s?$"}};
    case Type::count_range:
      return {{"anyOf",
               {element_schema("integer", rule),
                {{"type", "string"}, {"pattern", "^[1-9][0-9]*\\.\\.[1-9][0-9]*$"}}}}};
    case Type::integers:
      return {{"type", "array"}, {"items", or_reference(element_schema("integer", rule))}};
    case Type::reals:
      return {{"type", "array"}, {"items", or_reference(element_schema("number", rule))}};
    case Type::texts:
      return {{"type", "array"}, {"items", or_reference(element_schema("string", rule))}};
    case Type::component:
      return Json::object();
    case Type::components:
      return {{"type", "array"}};
    case Type::groups:
      return {{"type", "array"},
              {"items",
               {{"type", "object"},
                {"required", {"match"}},
                {"properties",
                 {{"match", {{"type", "string"}}},
                  {"frozen", {{"type", "boolean"}}},
                  {"name", {{"type", "string"}}}}}}}};
    case Type::map:
      return {{"type", "object"}};
    case Type::maps:
      return {{"type", "array"}};
  }
  return {};
}

Json map_schema(const std::vector<FieldDescription>& fields) {
  Json out{{"type", "object"}, {"additionalProperties", false}};
  for (const auto& each : fields) {
    out["properties"][each.name] = schema(each);
    if (!each.has_default()) out["required"].push_back(each.name);
  }
  return out;
}

}  // namespace

const FieldDescription* ComponentDescription::find(std::string_view field_name) const {
  for (const auto& f : fields)
    if (f.name == field_name) return &f;
  return nullptr;
}

FieldDescription& add_field(std::vector<FieldDescription>& fields, const FieldSays& says,
                            Json initial) {
  return fields.emplace_back(FieldDescription{std::string(says.name),
                                              std::string(says.help),
                                              says.type,
                                              says.nullable,
                                              std::move(initial),
                                              says.rule,
                                              std::string(says.kind),
                                              {}});
}

const Json* find_value(const Json& map, std::string_view name) {
  const auto found = map.find(name);
  return found == map.end() ? nullptr : &*found;
}

void set_value(Json& map, std::string_view name, Json value) {
  map[std::string(name)] = std::move(value);
}

ComponentDescription named(std::string_view name, std::string_view summary,
                           std::vector<FieldDescription> fields) {
  ComponentDescription out;
  out.name = name;
  out.summary = summary;
  out.fields = std::move(fields);
  return out;
}

std::vector<std::string> names_of(const std::vector<FieldDescription>& fields) {
  std::vector<std::string> names;
  names.reserve(fields.size());
  for (const auto& f : fields) names.push_back(f.name);
  return names;
}

std::vector<std::string> ComponentDescription::field_names() const { return names_of(fields); }

std::string expectation(const FieldDescription& field) {
  auto type = std::string(type_name(field.type));
  if (!field.kind.empty()) type += fmt::format(" of kind '{}'", field.kind);
  if (!field.fields.empty())
    type += fmt::format(" with {}", fmt::join(names_of(field.fields), ", "));
  auto text = std::visit(
      Overloaded{[&](const Anything&) { return std::string(type); },
                 [&](const Range& r) { return describe_range(type, r); },
                 [&](const RangeBelow& r) {
                   return fmt::format("{} of at least {} and below {}", type, r.low, r.high);
                 },
                 [&](const Above& a) { return fmt::format("{} above {}", type, a.low); },
                 [&](const OneOf& one_of) {
                   return fmt::format("{}one of {}",
                                      field.type == Type::texts ? "a list, each " : "",
                                      fmt::join(one_of.words, ", "));
                 }},
      field.rule);
  return field.nullable ? text + ", or null" : text;
}

Checked check(const FieldDescription& field, const Json& value) {
  if (field.nullable && value.is_null()) return {value, ""};
  if (auto converted = convert(field.type, field.rule, value)) return {std::move(*converted), ""};
  return {nullptr, expectation(field)};
}

std::string fields_definition(const std::string& kind, const std::string& component) {
  return kind + "." + component;
}

Json schema(const FieldDescription& field) {
  auto out = type_schema(field.type, field.rule);
  if (field.type == Type::map) out = map_schema(field.fields);
  if (field.type == Type::maps) out["items"] = or_reference(map_schema(field.fields));
  if (field.type == Type::components) out["items"] = definition(field.kind);
  out = field.type == Type::component ? component_schema(field) : or_reference(std::move(out));
  if (field.nullable) {
    if (!out.contains("anyOf")) out = {{"anyOf", Json::array({std::move(out)})}};
    out["anyOf"].push_back({{"type", "null"}});
  }
  out["description"] = field.help;
  if (field.has_default()) out["default"] = field.initial;
  return out;
}

}  // namespace runner
