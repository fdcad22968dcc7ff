#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace runner {

/// The candidate that a misspelt word most likely meant, if any is near enough to be offered: a
/// third of its letters may differ (a neighbouring pair swapped counts as one), or all that is
/// missing, or too much, is before or behind it. Capitals and - and _ make no difference: `AdamW`
/// and `StepLR` are `adamw` and `step`.
std::optional<std::string> nearest(std::string_view word,
                                   const std::vector<std::string>& candidates);

/// How to go on after a word that is none of the known ones: `did you mean 'list'?`, or
/// `expected one of run, list, show` when none is near.
std::string what_instead(std::string_view word, const std::vector<std::string>& known);

}  // namespace runner
