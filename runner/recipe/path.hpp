#pragma once

#include "runner/recipe/node.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace runner {

/// One step of a path: a key, or an element of a list as "[0]".
struct PathStep {
  std::string key;
  std::size_t offset;  ///< where it begins in the path
};

/// The steps of `optimizer.groups[0].lr`, which `optimizer.groups.0.lr` means, too. Empty when the
/// text is no path.
std::vector<PathStep> path_steps(std::string_view path);

/// The element that a step names, counting from 0; none when it names a key.
std::optional<std::size_t> element_of(std::string_view step);

/// {a: {b: value}} of the path a.b; `place_of` gives the place of the step that begins there.
Node nested(std::string_view path, Node value,
            const std::function<Place(std::size_t offset)>& place_of);

/// What a step leads to; null when there is nothing.
const Node* child_of(const Node& node, const PathStep& step);

/// Null when the recipe says nothing there.
const Node* find_at(const Node& recipe, std::string_view path);

}  // namespace runner
