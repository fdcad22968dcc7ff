#include "runner/recipe/merge.hpp"

#include "registry/kinds.hpp"

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

void merge_entries(Node& base, Node overlay, bool at_top) {
  for (auto& entry : overlay.entries) {
    auto* old = base.find(entry.key);
    const bool is_component = at_top && find_kind(entry.key);
    if (is_component) {
      expand_bare_name(entry.value);
      if (old) expand_bare_name(*old);
    }
    if (!old)
      base.entries.push_back(std::move(entry));
    else if (old->is_map() && entry.value.is_map() &&
             !(is_component && names_another(*old, entry.value)))
      merge_entries(*old, std::move(entry.value), false);
    else
      *old = std::move(entry.value);
  }
}

}  // namespace

void merge(Node& base, Node overlay) {
  if (base.is_map() && overlay.is_map())
    merge_entries(base, std::move(overlay), true);
  else
    base = std::move(overlay);
}

}  // namespace runner
