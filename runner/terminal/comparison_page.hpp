#pragma once

#include "experiments/comparison.hpp"

#include <string>

namespace runner {

/// Runs side by side: what differs between them, then their metrics. `all` shows what is the same,
/// too. The width is that of the terminal; 0 is no limit.
std::string comparison_page(const Comparison& comparison, bool all, int width);

/// What differs in config, code, data and surroundings, without the metrics.
std::string differences_page(const Comparison& comparison, int width);

/// The same for other programs, whole.
nlohmann::ordered_json comparison_json(const Comparison& comparison);

/// A value as one short text: a long one, such as a diff, by its number of lines.
std::string short_text(const nlohmann::ordered_json& value);

}  // namespace runner
