#pragma once

#include <string>
#include <string_view>

namespace runner {

// Names in double quotes, as in SQL: "val loss", and "a""b" for a"b.

/// A name as filters and lists of columns take it: in quotes where it has blanks or signs.
std::string as_written(std::string_view name);

/// A text that stands in quotes as a whole, without them; any other as it is.
std::string unquoted(const std::string& text);

bool is_quoted(std::string_view text);

}  // namespace runner
