#pragma once

#include "runner/recipe/node.hpp"
#include "runner/recipe/problems.hpp"

#include <string>
#include <vector>

namespace runner {

bool is_range(const Node& node);

/// The values of one path of a matrix: a list, or {range: [first, last, step]} with both ends.
/// Empty when it is said wrongly, which becomes a problem.
std::vector<Node> axis_values(const std::string& path, const Node& node, Problems& problems);

}  // namespace runner
