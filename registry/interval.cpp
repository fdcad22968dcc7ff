#include "registry/interval.hpp"

#include "registry/counted.hpp"

#include <array>
#include <charconv>
#include <utility>

namespace runner {
namespace {

constexpr std::array<std::pair<std::string_view, Unit>, 6> unit_names{{{"epoch", Unit::epochs},
                                                                       {"step", Unit::steps},
                                                                       {"sample", Unit::samples},
                                                                       {"second", Unit::seconds},
                                                                       {"minute", Unit::minutes},
                                                                       {"hour", Unit::hours}}};

std::optional<Unit> parse_unit(std::string_view word) {
  if (word.ends_with('s')) word.remove_suffix(1);
  for (const auto& [name, unit] : unit_names)
    if (word == name) return unit;
  return std::nullopt;
}

}  // namespace

double Interval::seconds() const {
  const auto number = static_cast<double>(count);
  switch (unit) {
    case Unit::seconds:
      return number;
    case Unit::minutes:
      return 60 * number;
    case Unit::hours:
      return 3600 * number;
    default:
      return 0;
  }
}

std::optional<Interval> parse_interval(std::string_view text) {
  std::int64_t count = 0;
  const auto* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, count);
  if (error != std::errc{} || count < 1) return std::nullopt;
  std::string_view word(rest, static_cast<std::size_t>(end - rest));
  while (word.starts_with(' ')) word.remove_prefix(1);
  const auto unit = parse_unit(word);
  if (!unit) return std::nullopt;
  return Interval{count, *unit};
}

std::string to_string(const Interval& interval) {
  return counted(interval.count, unit_names[static_cast<std::size_t>(interval.unit)].first);
}

}  // namespace runner
