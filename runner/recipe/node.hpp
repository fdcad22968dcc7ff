#pragma once

#include "registry/description.hpp"
#include "runner/recipe/source.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace runner {

struct Entry;

/// A YAML node that remembers where it was written.
struct Node {
  enum class Kind { scalar, list, map };

  Place place;
  Kind kind = Kind::scalar;
  Json scalar;  ///< null, boolean, integer, real or string; discarded where it was refused
  std::vector<Node> items;     ///< of a list
  std::vector<Entry> entries;  ///< of a map, in the order of the text; of a list, elements that
                               ///< were laid over it and that it does not have
  bool is_final = false;       ///< its text is not read for references
  std::string reference{};     ///< as it was written, where this value stands for one

  bool is_map() const { return kind == Kind::map; }
  /// Null when this is no map or has no such key.
  Node* find(std::string_view key);
  const Node* find(std::string_view key) const;

  static Node make_map(Place place);
  static Node make_map(Place place, std::vector<Entry> entries);
};

struct Entry {
  std::string key;
  Place key_place;
  Node value;
};

/// The value without its places.
Json plain(const Node& value);

/// The component's name, alone or in a map; empty when there is none.
std::string component_name(const Node& component);

/// The node of a default, which no text has.
Node make_node(const Json& value);

}  // namespace runner
