#pragma once

#include <string>
#include <vector>

namespace runner::figure {

enum class AxisKind { linear, logarithmic, time };

/// Values along one direction of a panel, and the round ones among them.
class Axis {
 public:
  /// Of the values from `low` to `high`, at the pixels from `begin` to `end`; `room` around them is
  /// a share of their span.
  Axis(AxisKind kind, double low, double high, double room, double begin, double end);

  /// The pixel of a value.
  double operator()(double value) const;
  /// Whether it has one.
  bool shows(double value) const;

  const std::vector<double>& ticks() const { return ticks_; }
  std::vector<std::string> labels() const;

 private:
  void widen(double room);
  void choose_ticks();

  AxisKind kind_;
  double low_, high_, begin_, end_;
  std::vector<double> ticks_;
};

}  // namespace runner::figure
