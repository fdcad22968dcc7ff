#include "registry/count_range.hpp"

#include <charconv>

namespace runner {
namespace {

std::optional<std::int64_t> parse_count(std::string_view text) {
  std::int64_t count = 0;
  const auto* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, count);
  return error == std::errc{} && rest == end ? std::optional(count) : std::nullopt;
}

}  // namespace

std::optional<CountRange> parse_count_range(std::string_view text) {
  constexpr std::string_view dots = "..";
  const auto middle = text.find(dots);
  const auto least = parse_count(text.substr(0, middle));
  const auto most =
      middle == std::string_view::npos ? least : parse_count(text.substr(middle + dots.size()));
  if (!least || !most || *most < *least) return std::nullopt;
  return CountRange(*least, *most);
}

std::string to_string(const CountRange& range) {
  const auto least = std::to_string(range.least);
  return range.is_open() ? least + ".." + std::to_string(range.most) : least;
}

}  // namespace runner
