#pragma once

#include "runner/recipe/node.hpp"
#include "runner/recipe/problems.hpp"

#include <optional>
#include <string>

namespace runner {

/// Reads a value as an argument of the command line gives it. Maps, lists and what is in quotes are
/// YAML; anything else is one plain scalar to its end, also behind ` #`. Characters that YAML would
/// take for more than a text are refused with how to quote them. `before` is what stands before the
/// text where the user wrote it: `name=`.
std::optional<Node> read_value(const Place& first, const std::string& before,
                               const std::string& text, Problems& problems);

/// An argument `a.b=value` as the tree {a: {b: value}}; an element of a list is the key "[0]"
/// there.
std::optional<Node> parse_override(const std::string& argument, Problems& problems);

}  // namespace runner
