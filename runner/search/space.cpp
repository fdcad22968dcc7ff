#include "runner/search/space.hpp"

#include "experiments/nearest.hpp"
#include "runner/search/grid.hpp"
#include "runner/search/sobol.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace runner {
namespace {

struct Distribution {
  const char* name;
  Axis::Kind kind;
};

constexpr std::array distributions{Distribution{"uniform", Axis::Kind::uniform},
                                   Distribution{"log_uniform", Axis::Kind::log_uniform},
                                   Distribution{"int_uniform", Axis::Kind::int_uniform},
                                   Distribution{"int_log_uniform", Axis::Kind::int_log_uniform},
                                   Distribution{"choice", Axis::Kind::choice}};

/// Integers beyond it have no exact double.
constexpr double largest_integer = 9'007'199'254'740'992;
/// Beyond it the length of an axis might be infinite.
constexpr double largest_real = 1e300;

/// JSON has no infinity.
std::string shown(const Node& values) {
  if (values.kind != Node::Kind::list) return plain(values).dump();
  std::vector<std::string> out;
  for (const auto& value : values.items) {
    const bool infinite = value.scalar.is_number_float() && std::isinf(value.scalar.get<double>());
    out.push_back(infinite ? fmt::to_string(value.scalar.get<double>()) : plain(value).dump());
  }
  return fmt::format("[{}]", fmt::join(out, ","));
}

std::string form_of(const Axis& axis) {
  if (axis.is_integer())
    return fmt::format("two whole numbers from {}to 2^53", axis.is_log() ? "1 " : "-2^53 ");
  return axis.is_log() ? "two numbers above 0" : "two numbers";
}

/// What the space says of one path.
class Reader {
 public:
  Reader(const Entry& entry, Problems& problems) : entry_(entry), problems_(problems) {}

  std::optional<Axis> read() {
    Axis axis;
    axis.path = entry_.key;
    axis.place = entry_.value.place;
    const auto* values = read_kind(axis);
    if (!values) return std::nullopt;
    const bool right =
        axis.kind == Axis::Kind::choice ? read_choices(axis, *values) : read_bounds(axis, *values);
    return right ? std::optional(std::move(axis)) : std::nullopt;
  }

 private:
  bool refuse(const Place& place, const std::string& message) {
    problems_.add(place, fmt::format("search.space: {}", message));
    return false;
  }

  /// The values that the distribution stands before; null when it is none.
  const Node* read_kind(Axis& axis) {
    if (entry_.value.entries.size() != 1) {
      refuse(entry_.value.place,
             fmt::format("'{}' has no distribution; expected one, as in {{uniform: [0, 0.5]}}",
                         entry_.key));
      return nullptr;
    }
    const auto& [name, place, values] = entry_.value.entries.front();
    const auto found = std::ranges::find(distributions, name, &Distribution::name);
    if (found == distributions.end()) {
      refuse(place,
             fmt::format("'{}' is no distribution; {}", name, what_instead(name, known_names())));
      return nullptr;
    }
    axis.kind = found->kind;
    return &values;
  }

  static std::vector<std::string> known_names() {
    std::vector<std::string> names;
    for (const auto& each : distributions) names.emplace_back(each.name);
    return names;
  }

  bool read_choices(Axis& axis, const Node& values) {
    if (values.kind != Node::Kind::list || values.items.empty())
      return refuse(values.place,
                    fmt::format("'{}' has no choices; expected a list of values", axis.path));
    axis.choices = values.items;
    return true;
  }

  bool read_bounds(Axis& axis, const Node& values) {
    const auto& bounds = values.items;
    const auto was_refused = [](const Node& bound) { return bound.scalar.is_discarded(); };
    if (std::ranges::any_of(bounds, was_refused)) return false;
    if (bounds.size() != 2 || !is_bound(axis, bounds[0]) || !is_bound(axis, bounds[1]))
      return refuse(values.place, fmt::format("'{}' is between {}; expected {}: [LOW, HIGH]",
                                              axis.path, shown(values), form_of(axis)));
    axis.low = bounds[0].scalar.get<double>();
    axis.high = bounds[1].scalar.get<double>();
    if (axis.low < axis.high) return true;
    return refuse(values.place, fmt::format("'{}' is between {}; the first must be the smaller",
                                            axis.path, shown(values)));
  }

  static bool is_bound(const Axis& axis, const Node& value) {
    const auto& json = value.scalar;
    if (!(axis.is_integer() ? json.is_number_integer() : json.is_number())) return false;
    const double number = json.get<double>();
    if (axis.is_log() && number <= 0) return false;
    return std::abs(number) <= (axis.is_integer() ? largest_integer : largest_real);
  }

  const Entry& entry_;
  Problems& problems_;
};

}  // namespace

std::optional<Space> read_space(const Node& space, Problems& problems) {
  if (space.entries.empty()) {
    problems.add(space.place,
                 "search.space is empty; expected a map of paths to distributions, as in "
                 "{optimizer.lr: {log_uniform: [1e-4, 1]}}");
    return std::nullopt;
  }
  Space out;
  for (const auto& entry : space.entries)
    if (auto axis = Reader(entry, problems).read()) out.push_back(std::move(*axis));
  return out.size() == space.entries.size() ? std::optional(std::move(out)) : std::nullopt;
}

void check_strategy(const Search& search, const Space& space, const Place& place,
                    Problems& problems) {
  if (search.strategy == "sobol" && space.size() > sobol_dimensions())
    problems.add(place, fmt::format("search.space has {} axes; sobol has {} dimensions at most",
                                    space.size(), sobol_dimensions()));
  if (search.strategy != "grid") return;
  for (const auto& axis : space)
    if (!axis.count())
      problems.add(axis.place, fmt::format("search.space: a grid has no end along '{}'; expected "
                                           "choice, int_uniform or int_log_uniform",
                                           axis.path));
  if (grid_size(space) > largest_grid)
    problems.add(place, fmt::format("search.space: the grid has more than {} points; give trials "
                                    "to another strategy",
                                    largest_grid));
}

}  // namespace runner
