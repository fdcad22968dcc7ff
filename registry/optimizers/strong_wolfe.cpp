#include "registry/optimizers/strong_wolfe.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace runner {
namespace {

constexpr double c1 = 1e-4, c2 = 0.9;
constexpr double least_change = 1e-9;

/// Where the cubic through two points with these losses and slopes is least, kept within bounds.
double cubic_minimum(const LinePoint& a, const LinePoint& b, double least, double most) {
  const auto& [left, right] = a.distance <= b.distance ? std::tie(a, b) : std::tie(b, a);
  const auto d1 = a.slope + b.slope - 3 * (a.loss - b.loss) / (a.distance - b.distance);
  const auto square = d1 * d1 - a.slope * b.slope;
  const auto d2 = std::sqrt(square);
  const auto at =
      right.distance - (right.distance - left.distance) *
                           ((right.slope + d2 - d1) / (right.slope - left.slope + 2 * d2));
  return std::isfinite(at) ? std::clamp(at, least, most) : (least + most) / 2;
}

class Search {
 public:
  Search(const Along& along, const LinePoint& start, double reach, std::int64_t most)
      : along_(along), start_(start), reach_(reach), most_(most) {}

  LinePoint find(double first) {
    bracket(first);
    zoom();
    return ends_[low_];
  }

 private:
  bool is_too_high(const LinePoint& point) const {
    return !(point.loss <= start_.loss + c1 * point.distance * start_.slope);
  }
  bool is_flat_enough(const LinePoint& point) const {
    return std::abs(point.slope) <= -c2 * start_.slope;
  }

  /// Goes on until a point will do, or there are two with such a point between them.
  void bracket(double first) {
    auto before = start_, point = along_(first);
    for (; tried_ < most_; ++tried_) {
      if (is_too_high(point) || (tried_ > 1 && point.loss >= before.loss))
        return between(before, point);
      done_ = is_flat_enough(point);
      if (done_) return between(point, point);
      if (point.slope >= 0) return between(before, point);
      const auto next =
          cubic_minimum(before, point, point.distance + 0.01 * (point.distance - before.distance),
                        point.distance * 10);
      before = std::exchange(point, along_(next));
    }
    between(start_, point);
  }

  void between(const LinePoint& a, const LinePoint& b) {
    ends_ = {a, b};
    low_ = lower();
  }
  /// A loss that is no number is above all others.
  std::size_t lower() const {
    return ends_[1].loss < ends_[0].loss || std::isnan(ends_[0].loss) ? 1 : 0;
  }

  /// Makes the bracket smaller until its lower end will do.
  void zoom() {
    for (; !done_ && tried_ < most_; ++tried_) {
      if (std::abs(ends_[1].distance - ends_[0].distance) * reach_ < least_change) return;
      narrow(along_(trial()));
    }
  }

  /// One that is close to an end for the second time, or at it, is moved a tenth away from it.
  double trial() {
    const auto [least, most] = std::minmax(ends_[0].distance, ends_[1].distance);
    const auto at = cubic_minimum(ends_[0], ends_[1], least, most);
    const auto margin = 0.1 * (most - least);
    const bool is_close = std::min(most - at, at - least) < margin;
    const bool moves = is_close && (was_close_ || at >= most || at <= least);
    was_close_ = is_close && !moves;
    if (!moves) return at;
    return std::abs(at - most) < std::abs(at - least) ? most - margin : least + margin;
  }

  void narrow(LinePoint point) {
    auto &low = ends_[low_], &high = ends_[1 - low_];
    if (is_too_high(point) || point.loss >= low.loss) {
      high = std::move(point);
      low_ = lower();
      return;
    }
    done_ = is_flat_enough(point);
    if (!done_ && point.slope * (high.distance - low.distance) >= 0) high = low;
    low = std::move(point);
  }

  const Along& along_;
  const LinePoint& start_;
  double reach_;
  std::int64_t most_;
  std::int64_t tried_ = 0;  ///< besides the first
  std::array<LinePoint, 2> ends_;
  std::size_t low_ = 0;  ///< the end with the smaller loss
  bool was_close_ = false;
  bool done_ = false;
};

}  // namespace

LinePoint strong_wolfe(const Along& along, const LinePoint& start, double first, double reach,
                       std::int64_t most) {
  return Search(along, start, reach, most).find(first);
}

}  // namespace runner
