#include "runner/recipe/node.hpp"

namespace runner {

const Node* Node::find(std::string_view key) const {
  for (const auto& entry : entries)
    if (entry.key == key) return &entry.value;
  return nullptr;
}

Node* Node::find(std::string_view key) { return const_cast<Node*>(std::as_const(*this).find(key)); }

Node Node::make_map(Place place) { return make_map(std::move(place), {}); }

Node Node::make_map(Place place, std::vector<Entry> entries) {
  return {std::move(place), Kind::map, nullptr, {}, std::move(entries)};
}

std::string component_name(const Node& component) {
  const auto* name = component.is_map() ? component.find("name") : &component;
  return name && name->scalar.is_string() ? name->scalar.get<std::string>() : "";
}

Json plain(const Node& value) {
  if (value.kind == Node::Kind::scalar) return value.scalar;
  auto out = value.is_map() ? Json::object() : Json::array();
  for (const auto& item : value.items) out.push_back(plain(item));
  if (value.is_map())
    for (const auto& entry : value.entries) out[entry.key] = plain(entry.value);
  return out;
}

Node make_node(const Json& value) {
  Node node;
  if (value.is_array()) {
    node.kind = Node::Kind::list;
    for (const auto& item : value) node.items.push_back(make_node(item));
  } else if (value.is_object()) {
    node.kind = Node::Kind::map;
    for (const auto& [key, item] : value.items())
      node.entries.push_back({key, {}, make_node(item)});
  } else {
    node.scalar = value;
  }
  return node;
}

}  // namespace runner
