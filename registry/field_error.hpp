#pragma once

#include <stdexcept>
#include <string>

namespace runner {

/// A field of the recipe does not go with the model or the data: the user's mistake.
struct FieldError : std::invalid_argument {
  /// `where`: the field, "optimizer.groups[0].match". what() is "FIELD: TEXT".
  FieldError(std::string where, const std::string& text)
      : std::invalid_argument(where + ": " + text), field(std::move(where)) {}

  std::string field;
};

}  // namespace runner
