#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace runner {

/// How many of something there may be: "4", or "1..4".
struct CountRange {
  std::int64_t least = 1, most = 1;

  CountRange() = default;
  // NOLINTNEXTLINE(google-explicit-constructor): a number is a range, too.
  CountRange(std::int64_t only) : least(only), most(only) {}
  CountRange(std::int64_t from, std::int64_t to) : least(from), most(to) {}

  bool operator==(const CountRange&) const = default;
  bool holds(std::int64_t number) const { return least <= number && number <= most; }
  bool is_open() const { return least < most; }
};

/// "4", "1..4". Empty when `text` is neither, or the second number is the smaller.
std::optional<CountRange> parse_count_range(std::string_view text);

std::string to_string(const CountRange& range);

}  // namespace runner
