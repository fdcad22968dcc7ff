#pragma once

#include <string>
#include <string_view>

namespace runner::figure {

/// A text between tags or in an attribute: `&`, `<`, `>` and quotes as entities, and what
/// XML does not have made printable.
std::string escaped(std::string_view text);

/// A coordinate to a hundredth of a pixel, without zeros at its end.
std::string coordinate(double value);

}  // namespace runner::figure
