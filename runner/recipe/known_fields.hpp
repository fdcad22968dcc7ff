#pragma once

#include "runner/recipe/node.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace runner {

/// A field by its path in a recipe, such as "save.keep_best.n".
struct KnownField {
  std::string path;
  FieldDescription field;
};

/// Every field of the sections and of the components that the recipe names. Where it names none and
/// there is no default, the fields of all components of the kind.
std::vector<KnownField> known_fields(const Node& recipe);

/// How a user who has written a key or an option in the wrong place meant it: "optimizer.lr=0.1"
/// for `lr` and "0.1"; two or three where several fields are called so. Empty when none is near.
std::string suggested_paths(std::string_view name, std::string_view value,
                            const std::vector<KnownField>& known);

/// Whether an argument's text is several values, as in `0.1,0.2`.
bool is_enumeration(std::string_view text);

/// How a run of each value is asked for: 'matrix.optimizer.lr=[0.1,0.2]'.
std::string as_matrix(const std::string& path, std::string_view values);

}  // namespace runner
