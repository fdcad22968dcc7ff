#pragma once

#include "runner/recipe/node.hpp"
#include "runner/recipe/problems.hpp"
#include "runner/recipe/spot.hpp"

#include <string>

namespace runner {

/// Lays `overlay` over `base`, which stands at `spot`: maps merge key by key, anything else
/// replaces. A component that is given another name drops the fields of the old one. A map of
/// elements, {"[0]": ...}, is laid over those of a list; what the list does not have is kept in its
/// entries.
void merge(Node& base, Node overlay, const Spot& spot = spot_of_recipe());

/// Whether all keys of a map name elements of a list.
bool names_elements(const Node& map);

/// Elements that were laid over lists and that these do not have. `path` is the node's own.
void refuse_missing_elements(const Node& node, const std::string& path, Problems& problems);

}  // namespace runner
