#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace runner {

/// What a budget or a period is counted in.
enum class Unit { epochs, steps, samples };

/// A whole number of epochs, optimizer steps or samples, written "1 epoch" or "500 steps".
struct Interval {
  std::int64_t count = 1;
  Unit unit = Unit::epochs;

  bool operator==(const Interval&) const = default;
};

/// "1 epoch", "500 steps". Empty when `text` is not a positive whole number and a unit.
std::optional<Interval> parse_interval(std::string_view text);

std::string to_string(const Interval& interval);

}  // namespace runner
