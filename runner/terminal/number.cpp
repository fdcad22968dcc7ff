#include "runner/terminal/number.hpp"

#include <array>

#include <fmt/format.h>

namespace runner {

std::string with_commas(std::int64_t number) {
  auto digits = std::to_string(number);
  const std::size_t first = digits.starts_with('-') ? 1 : 0;
  for (auto i = digits.size(); i > first + 3;) digits.insert(i -= 3, ",");
  return digits;
}

std::string bytes(std::int64_t count) {
  constexpr std::array units{"B", "kB", "MB", "GB", "TB"};
  auto size = static_cast<double>(count);
  std::size_t unit = 0;
  for (; size >= 1000 && unit + 1 < units.size(); ++unit) size /= 1000;
  return unit == 0 ? fmt::format("{} B", count) : fmt::format("{:.1f} {}", size, units[unit]);
}

}  // namespace runner
