#pragma once

#include "runner/recipe/node.hpp"

namespace runner {

/// Lays `overlay` over `base`: maps merge key by key, anything else replaces. A component that is
/// given another name drops the fields of the old one.
void merge(Node& base, Node overlay);

}  // namespace runner
