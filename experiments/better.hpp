#pragma once

#include <functional>
#include <optional>
#include <string_view>

namespace runner {

/// Whether more of a metric is better; nothing where that is not known.
using MoreIsBetter = std::function<std::optional<bool>(std::string_view metric)>;

/// What metrics mean is not the store's to know: the program tells it once, before the first
/// question. Until then nothing is known of any.
void set_more_is_better(MoreIsBetter answer);

/// Throws UserError, which says what to ask instead of `best(METRIC)`, where it is not known.
bool more_is_better(std::string_view metric);

}  // namespace runner
