#include "runner/recipe/merge.hpp"

#include "registry/kinds.hpp"
#include "runner/recipe/path.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace runner {
namespace {

/// A component's short form, its bare name, as the map that it stands for.
void expand_bare_name(Node& component) {
  if (component.kind != Node::Kind::scalar || !component.scalar.is_string()) return;
  const auto place = component.place;
  auto name = std::move(component);
  component = Node::make_map(place, {{"name", place, std::move(name)}});
}

bool names_another(const Node& base, const Node& overlay) {
  const auto* old_name = base.find("name");
  const auto* new_name = overlay.find("name");
  return new_name && old_name && new_name->scalar != old_name->scalar;
}

void merge_entries(Node& base, Node overlay, bool at_top);

/// A group of an optimizer that names another keeps which parameters it matches.
bool is_component(const Node& element) { return !element.find("match"); }

void lay_over_elements(Node& list, Node overlay);

void lay_over_value(Node& old, Node value, bool is_component) {
  if (old.kind == Node::Kind::list && names_elements(value))
    lay_over_elements(old, std::move(value));
  else if (old.is_map() && value.is_map() && !(is_component && names_another(old, value)))
    merge_entries(old, std::move(value), false);
  else
    old = std::move(value);
}

void lay_over_elements(Node& list, Node overlay) {
  for (auto& entry : overlay.entries) {
    const auto index = *element_of(entry.key);
    if (index >= list.items.size()) {
      list.entries.push_back(std::move(entry));
      continue;
    }
    auto& old = list.items[index];
    if (entry.value.is_map()) expand_bare_name(old);
    // A list of plain values has one origin.
    if (old.kind == Node::Kind::scalar) list.place = entry.value.place;
    lay_over_value(old, std::move(entry.value), is_component(old));
  }
}

void merge_entries(Node& base, Node overlay, bool at_top) {
  for (auto& entry : overlay.entries) {
    auto* old = base.find(entry.key);
    const bool is_component = at_top && find_kind(entry.key);
    if (is_component) {
      expand_bare_name(entry.value);
      if (old) expand_bare_name(*old);
    }
    if (old)
      lay_over_value(*old, std::move(entry.value), is_component);
    else
      base.entries.push_back(std::move(entry));
  }
}

void refuse_element(const Node& list, const std::string& path, const Entry& missing,
                    Problems& problems) {
  const auto size = list.items.size();
  problems.add(missing.key_place,
               size == 0
                   ? fmt::format("{} is an empty list: there is no {}", path, missing.key)
                   : fmt::format("{} has {} element{}, [0]{}: there is no {}", path, size,
                                 size == 1 ? "" : "s",
                                 size == 1 ? "" : fmt::format(" to [{}]", size - 1), missing.key));
}

}  // namespace

void merge(Node& base, Node overlay) {
  if (base.is_map() && overlay.is_map())
    merge_entries(base, std::move(overlay), true);
  else
    lay_over_value(base, std::move(overlay), false);
}

bool names_elements(const Node& map) {
  return map.is_map() && !map.entries.empty() &&
         std::ranges::all_of(map.entries,
                             [](const auto& e) { return element_of(e.key).has_value(); });
}

void refuse_missing_elements(const Node& node, const std::string& path, Problems& problems) {
  for (std::size_t i = 0; i < node.items.size(); ++i)
    refuse_missing_elements(node.items[i], fmt::format("{}[{}]", path, i), problems);
  for (const auto& entry : node.entries)
    if (node.is_map())
      refuse_missing_elements(entry.value, path.empty() ? entry.key : path + "." + entry.key,
                              problems);
    else
      refuse_element(node, path, entry, problems);
}

}  // namespace runner
