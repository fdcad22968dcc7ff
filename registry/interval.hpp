#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace runner {

/// What a budget or a period is counted in.
enum class Unit { epochs, steps, samples, seconds, minutes, hours };

/// A whole number of epochs, optimizer steps, samples or of a time, written "1 epoch", "500 steps"
/// or "30 minutes".
struct Interval {
  std::int64_t count = 1;
  Unit unit = Unit::epochs;

  bool operator==(const Interval&) const = default;
  bool is_time() const { return unit >= Unit::seconds; }
  /// Of a time; 0 for others.
  double seconds() const;
};

/// "1 epoch", "500 steps". Empty when `text` is not a positive whole number and a unit.
std::optional<Interval> parse_interval(std::string_view text);

std::string to_string(const Interval& interval);

}  // namespace runner
