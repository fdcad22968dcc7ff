#include "runner/sweep/axis_values.hpp"

#include <cmath>
#include <cstdlib>
#include <limits>

#include <fmt/format.h>

namespace runner {
namespace {

constexpr double most_values = 100'000;

/// 0.1 + 2 * 0.1 as 0.3: the digits that a user would write.
Json rounded(double value) { return std::strtod(fmt::format("{:.12g}", value).c_str(), nullptr); }

Node scalar(const Place& place, Json value) {
  Node node;
  node.place = place;
  node.scalar = std::move(value);
  return node;
}

bool are_numbers(const Node& list) {
  if (list.kind != Node::Kind::list || list.items.size() < 2 || list.items.size() > 3) return false;
  for (const auto& item : list.items)
    if (!item.scalar.is_number()) return false;
  return true;
}

std::vector<Node> range(const std::string& path, const Node& bounds, Problems& problems) {
  const auto refuse = [&](const std::string& message) {
    problems.add(bounds.place, fmt::format("matrix: the range of {} {}", path, message));
    return std::vector<Node>{};
  };
  if (!are_numbers(bounds)) return refuse("is [first, last] or [first, last, step], in numbers");
  const auto first = bounds.items[0].scalar.get<double>();
  const auto last = bounds.items[1].scalar.get<double>();
  const auto step = bounds.items.size() == 3 ? bounds.items[2].scalar.get<double>() : 1;
  const bool finite = std::isfinite(first) && std::isfinite(last) && std::isfinite(step);
  if (!finite || step == 0 || (last - first) / step < 0) return refuse("never comes to its end");
  // The last value is one of them even where rounding falls short of it.
  const double steps = std::floor((last - first) / step * (1 + 1e-12) + 1e-9);
  if (steps >= most_values) return refuse(fmt::format("has more than {} values", most_values));
  bool whole = true;
  for (const auto& item : bounds.items) whole = whole && item.scalar.is_number_integer();
  std::vector<Node> values;
  for (std::int64_t i = 0; i <= static_cast<std::int64_t>(steps); ++i) {
    const double value = first + static_cast<double>(i) * step;
    values.push_back(scalar(bounds.place, whole ? Json(std::llround(value)) : rounded(value)));
  }
  return values;
}

}  // namespace

bool is_range(const Node& node) {
  return node.is_map() && node.entries.size() == 1 && node.entries.front().key == "range";
}

std::vector<Node> axis_values(const std::string& path, const Node& node, Problems& problems) {
  if (is_range(node)) return range(path, node.entries.front().value, problems);
  if (node.kind == Node::Kind::list && !node.items.empty()) return node.items;
  problems.add(
      node.place,
      fmt::format("matrix: {} is {}; expected a list of values, as [0.1, 0.3], or {{range: "
                  "[first, last]}}",
                  path, node.kind == Node::Kind::list ? "empty" : plain(node).dump()));
  return {};
}

}  // namespace runner
