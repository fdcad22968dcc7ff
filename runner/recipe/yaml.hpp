#pragma once

#include "runner/recipe/node.hpp"
#include "runner/recipe/problems.hpp"

#include <optional>
#include <string_view>

namespace runner {

/// Parses one YAML document. `first` is the place of the text's first character (an argument's
/// value stands behind its `path=`). Merge keys (`<<`) are taken over. Mistakes go to `problems`:
/// syntax, repeated keys, keys that are no strings, tags, numbers that YAML versions disagree
/// about, and aliases that expand beyond 100,000 values. Empty when the text could not be read to
/// its end.
std::optional<Node> parse_yaml(const Place& first, std::string_view text, Problems& problems);

}  // namespace runner
