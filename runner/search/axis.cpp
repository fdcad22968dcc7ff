#include "runner/search/axis.hpp"

#include <algorithm>
#include <cmath>

namespace runner {
namespace {

/// The interval on the axis' own scale. An integer k stands for all from k - 1/2 to k + 1/2, a
/// choice for all from its index to the next.
struct Scale {
  bool log;
  double low, high;

  double at(double unit) const {
    const double value = low + unit * (high - low);
    return log ? std::exp(value) : value;
  }
  double unit(double value) const { return ((log ? std::log(value) : value) - low) / (high - low); }
};

Scale scale_of(const Axis& axis) {
  const double half = axis.is_integer() ? 0.5 : 0;
  if (axis.kind == Axis::Kind::choice) return {false, 0, static_cast<double>(axis.choices.size())};
  if (axis.is_log()) return {true, std::log(axis.low - half), std::log(axis.high + half)};
  return {false, axis.low - half, axis.high + half};
}

}  // namespace

std::optional<std::int64_t> Axis::count() const {
  if (kind == Kind::choice) return static_cast<std::int64_t>(choices.size());
  if (!is_integer()) return std::nullopt;
  return static_cast<std::int64_t>(high) - static_cast<std::int64_t>(low) + 1;
}

Json from_unit(const Axis& axis, double unit) {
  const double value = scale_of(axis).at(unit);
  if (axis.kind == Axis::Kind::choice) {
    const double last = static_cast<double>(axis.choices.size()) - 1;
    return static_cast<std::int64_t>(std::clamp(std::floor(value), 0.0, last));
  }
  if (!axis.is_integer() && unit <= 0) return axis.low;  // exp(log(x)) may not be x
  if (!axis.is_integer() && unit >= 1) return axis.high;
  if (!axis.is_integer()) return std::clamp(value, axis.low, axis.high);
  return static_cast<std::int64_t>(std::clamp(std::floor(value + 0.5), axis.low, axis.high));
}

Share share_of(const Axis& axis, const Json& value) {
  const auto scale = scale_of(axis);
  const double at = value.get<double>();
  if (axis.kind == Axis::Kind::choice) return {scale.unit(at), scale.unit(at + 1)};
  return {scale.unit(at - 0.5), scale.unit(at + 0.5)};
}

double to_unit(const Axis& axis, const Json& value) {
  if (!axis.count()) return std::clamp(scale_of(axis).unit(value.get<double>()), 0.0, 1.0);
  const auto [from, to] = share_of(axis, value);
  return (from + to) / 2;
}

Node value_node(const Axis& axis, const Json& value) {
  if (axis.kind == Axis::Kind::choice) return axis.choices.at(value.get<std::size_t>());
  auto node = make_node(value);
  node.place = axis.place;
  return node;
}

}  // namespace runner
