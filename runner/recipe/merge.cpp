#include "runner/recipe/merge.hpp"

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

/// Where an entry leads, called as its own value calls it, or else the old one.
Spot spot_of_entry(const Entry& entry, const Node* old, const Spot& spot) {
  auto name = component_name(entry.value);
  if (name.empty() && old) name = component_name(*old);
  return step(spot, entry.key, name);
}

void lay_over_elements(Node& list, Node overlay, const Spot& spot) {
  for (auto& entry : overlay.entries) {
    const auto index = *element_of(entry.key);
    if (index >= list.items.size()) {
      list.entries.push_back(std::move(entry));
      continue;
    }
    auto& old = list.items[index];
    const auto element = spot_of_entry(entry, &old, spot);
    // A list of plain values has one origin.
    if (old.kind == Node::Kind::scalar && !element.is_component()) list.place = entry.value.place;
    merge(old, std::move(entry.value), element);
  }
}

void merge_entries(Node& base, Node overlay, const Spot& spot) {
  for (auto& entry : overlay.entries) {
    if (auto* old = base.find(entry.key)) {
      merge(*old, std::move(entry.value), spot_of_entry(entry, old, spot));
      continue;
    }
    if (entry.value.scalar.is_string() && spot_of_entry(entry, nullptr, spot).is_component())
      expand_bare_name(entry.value);
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

void merge(Node& base, Node overlay, const Spot& spot) {
  if (spot.is_component()) {
    expand_bare_name(base);
    expand_bare_name(overlay);
  }
  const bool is_another = spot.is_component() && names_another(base, overlay);
  if (base.kind == Node::Kind::list && names_elements(overlay))
    lay_over_elements(base, std::move(overlay), spot);
  else if (base.is_map() && overlay.is_map() && !is_another)
    merge_entries(base, std::move(overlay), spot);
  else
    base = std::move(overlay);
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
