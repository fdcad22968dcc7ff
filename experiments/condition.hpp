#pragma once

#include "experiments/selection.hpp"

#include <string>
#include <string_view>

namespace runner::filter {

/// A filter as an SQL condition over the selection. A run that lacks a value fulfils no comparison
/// with it, `!=` included, and so fulfils its `not`. `~` matches with * and ?, or finds a part
/// where the pattern has neither. Throws UserError with a caret under the place.
std::string compile(std::string_view filter, Selection& selection);

}  // namespace runner::filter
