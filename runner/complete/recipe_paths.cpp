#include "runner/complete/recipe_paths.hpp"

#include "experiments/json.hpp"
#include "runner/recipe/path.hpp"
#include "runner/recipe/spot.hpp"

#include <optional>

#include <fmt/format.h>

namespace runner::complete {
namespace {

/// Where a path leads; empty where it leads to nothing.
std::optional<Spot> find(const Json& config, const std::string& path) {
  auto spot = spot_of(config);
  for (const auto& [key, offset] : path_steps(path)) {
    spot = step(spot, key);
    if (!spot.is_known() || (spot.is_element && !spot.value)) return std::nullopt;
  }
  return spot;
}

/// An element's own name says more than the help of its list.
std::string about(const Spot& spot) {
  if (spot.is_element && spot.value->is_object())
    for (const auto* key : {"match", "name"})
      if (const auto* name = find_value(*spot.value, key)) return as_text(*name);
  return std::string(spot.about);
}

/// `optimizer=` for what has a value, `optimizer.` for what has fields.
void add_ways(const Spot& spot, Candidates& out) {
  if (spot.kind || !spot.is_map()) out.push_back({spot.path + "=", about(spot)});
  if (spot.is_map()) out.push_back({spot.path + ".", about(spot)});
}

Candidates keys(const Spot& parent) {
  Candidates out;
  for (const auto& spot : inside(parent)) {
    add_ways(spot, out);
    if (!spot.is_list()) continue;
    // Single numbers are offered when somebody has typed the bracket.
    for (const auto& element : inside(spot))
      if (element.is_map()) add_ways(element, out);
  }
  return out;
}

/// The words that a value can be.
Candidates words(const Spot& spot) {
  Candidates out;
  const auto add = [&](std::string_view word, const std::string& about) {
    out.push_back({fmt::format("{}={}", spot.path, word), about});
  };
  if (spot.kind)
    for (const auto& component : spot.kind->components) add(component.name, component.summary);
  if (!spot.field || spot.is_list()) return out;
  if (spot.field->type == Type::boolean)
    for (const auto* word : {"true", "false"}) add(word, "");
  if (const auto* one_of = std::get_if<OneOf>(&spot.field->rule))
    for (const auto word : one_of->words) add(word, "");
  if (!out.empty() && spot.field->nullable && !spot.is_element) add("null", "");
  return out;
}

Candidates values(const Spot& spot) {
  if (auto known = words(spot); !known.empty()) return known;
  if (!spot.field || spot.is_map()) return {};
  if (spot.is_element) return {{spot.path + "=" + spot.value->dump(), std::string(spot.about)}};
  return {{spot.path + "=" + spot.field->initial.dump(), expectation(*spot.field)}};
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
