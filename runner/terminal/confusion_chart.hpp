#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace runner {

/// `counts[true class][found class]` as numbers, a row for each true class, with the share of right
/// answers (recall) at its end; where that is wider than `width`, as shades of each row's shares,
/// several classes in a letter if need be. Colours (ANSI) mark right answers and mistakes.
std::string confusion_chart(const std::vector<std::vector<std::int64_t>>& counts, int width,
                            bool coloured);

}  // namespace runner
