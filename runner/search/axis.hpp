#pragma once

#include "runner/recipe/node.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace runner {

/// One path of a recipe that a search sets, and the values it may take.
struct Axis {
  enum class Kind { uniform, log_uniform, int_uniform, int_log_uniform, choice };

  std::string path;
  Kind kind = Kind::uniform;
  double low = 0, high = 0;   ///< both may be taken
  std::vector<Node> choices;  ///< of a choice: values of any form, whole components too
  Place place;                ///< of what the space says

  bool is_integer() const { return kind == Kind::int_uniform || kind == Kind::int_log_uniform; }
  bool is_log() const { return kind == Kind::log_uniform || kind == Kind::int_log_uniform; }
  /// How many values there are; empty for a real axis.
  std::optional<std::int64_t> count() const;
};

using Space = std::vector<Axis>;

/// One value for each axis: a real, an integer, or the index of a choice.
using Point = std::vector<Json>;

/// The value that stands at 0 <= unit <= 1. Each integer and each choice has its share of the
/// interval: equal shares, or for int_log_uniform that from k - 1/2 to k + 1/2 on the log scale.
Json from_unit(const Axis& axis, double unit);

/// Where a value stands in the interval: an integer or choice in the middle of its share.
double to_unit(const Axis& axis, const Json& value);

/// The share of the interval that an integer or choice has.
struct Share {
  double from, to;
};
Share share_of(const Axis& axis, const Json& value);

/// What the recipe says for a value of a point; its places lie in the space.
Node value_node(const Axis& axis, const Json& value);

}  // namespace runner
