#include "runner/figure/axis.hpp"

#include "runner/figure/ticks.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace runner::figure {

Axis::Axis(AxisKind kind, double low, double high, double room, double begin, double end)
    : kind_(kind), low_(low), high_(high), begin_(begin), end_(end) {
  widen(room);
  choose_ticks();
}

/// A single value lies in the middle.
void Axis::widen(double room) {
  constexpr double most = std::numeric_limits<double>::max();
  if (kind_ == AxisKind::logarithmic) {
    const double factor = high_ > low_ ? std::pow(high_ / low_, room) : 2;
    low_ = std::max(low_ / factor, std::numeric_limits<double>::min());
    high_ = std::min(high_ * factor, most);
    return;
  }
  const bool is_constant = high_ - low_ <= 1e-12 * std::abs(high_);
  const double aside =
      is_constant ? (high_ == 0 ? 1 : std::abs(high_) * 0.1) : (high_ - low_) * room;
  low_ = std::max(low_ - aside, -most);
  high_ = std::min(high_ + aside, most);
}

void Axis::choose_ticks() {
  // Upwards, labels stand above each other, and need less.
  const double pixels_between = end_ < begin_ ? 45 : 70;
  const int about = std::clamp(static_cast<int>(std::abs(end_ - begin_) / pixels_between), 2, 10);
  ticks_ = kind_ == AxisKind::logarithmic ? decade_ticks(low_, high_, about)
           : kind_ == AxisKind::time      ? time_ticks(std::max(low_, 0.0), high_, about)
                                          : round_ticks(low_, high_, about);
}

double Axis::operator()(double value) const {
  // Two doubles may lie farther apart than a double holds.
  const auto to = [this](double v) -> long double {
    return kind_ == AxisKind::logarithmic ? std::log(v) : v;
  };
  return begin_ +
         static_cast<double>((to(value) - to(low_)) / (to(high_) - to(low_))) * (end_ - begin_);
}

bool Axis::shows(double value) const {
  return std::isfinite(value) && (kind_ != AxisKind::logarithmic || value > 0);
}

std::vector<std::string> Axis::labels() const {
  return kind_ == AxisKind::time ? time_labels(ticks_) : tick_labels(ticks_);
}

}  // namespace runner::figure
