#pragma once

#include "runner/recipe/node.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace runner {

/// The path of every field, such as "save.keep_best.n", of the sections and of the components that
/// the recipe names; those of elements for each that it has. Where it names no component and there
/// is no default, the fields of all of the kind.
std::vector<std::string> known_fields(const Node& recipe);

/// How a user who has written a key or an option in the wrong place meant it: "optimizer.lr=0.1"
/// for `lr` and "0.1"; two or three where several fields are called so. Empty when none is near.
std::string suggested_paths(std::string_view name, std::string_view value,
                            const std::vector<std::string>& known);

/// Whether an argument's text is several values, as in `0.1,0.2`.
bool is_enumeration(std::string_view text);

/// How a run of each value is asked for: 'matrix.optimizer.lr=[0.1,0.2]'.
std::string as_matrix(const std::string& path, std::string_view values);

}  // namespace runner
