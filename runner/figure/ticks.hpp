#pragma once

#include <string>
#include <vector>

namespace runner::figure {

/// Round numbers (1, 2 or 5 times a power of ten) from `low` to `high`, about so many.
std::vector<double> round_ticks(double low, double high, int about);

/// Powers of ten from `low` to `high`, both above 0; where those are fewer than two, 2 and 5 times
/// them, too, or round numbers.
std::vector<double> decade_ticks(double low, double high, int about);

/// Round times in seconds: seconds, minutes, hours, days.
std::vector<double> time_ticks(double low, double high, int about);

/// The ticks' texts, all with as many decimals as the finest needs: `0.0`, `0.5`, `1.0`.
std::vector<std::string> tick_labels(const std::vector<double>& ticks);
/// `30 s`, `5 min`, `2 h`, `3 d`.
std::vector<std::string> time_labels(const std::vector<double>& ticks);

}  // namespace runner::figure
