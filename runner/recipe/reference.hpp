#pragma once

#include "runner/recipe/node.hpp"
#include "runner/recipe/problems.hpp"

#include <string>
#include <string_view>

namespace runner {

// References in a recipe's values. `${path}` is another value of the recipe, `${env:NAME}` one of
// the environment, and `${env:NAME,default}` one with a default. Alone in a field it is that value
// with its type; the environment's is read as an argument's. Among other text it is its text. `$$`
// is a dollar. What is final is not read.

/// Whether a text, which this node is, has any.
bool has_references(const Node& node);

/// Puts in what `${env:...}` refers to, and leaves `${path}` as it is. A variable that is not set
/// goes to `problems`; without those, its reference is left as well.
void read_environment(Node& node, Problems* problems = nullptr);

/// Puts in what all references in a node refer to, behind read_environment(). `recipe` holds their
/// targets, in which it puts in references, too; it may be the node itself. A recipe that has no
/// name is called `name`.
void interpolate(Node& node, Node& recipe, const std::string& name, Problems& problems);

/// Text that is no reference, as a recipe has it.
std::string escaped(std::string_view text);

/// Makes a node final, and all in it.
void make_final(Node& node);

}  // namespace runner
