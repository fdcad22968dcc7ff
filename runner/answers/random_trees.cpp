#include "runner/answers/random_trees.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <random>
#include <span>

#include <boost/random/uniform_int_distribution.hpp>

namespace runner {
namespace {

constexpr int trees = 64;

using Random = std::mt19937_64;
using GridPoint = GridSample::Point;
using Box = std::vector<std::pair<int, int>>;  ///< for each axis, the first place and the one after

// Boost's distribution gives the same numbers everywhere, the standard library's need not.
int between(Random& random, int first, int last) {
  return boost::random::uniform_int_distribution<int>(first, last)(random);
}

/// The axis' places in the tree's own order: that of categories is random, so that a cut in two
/// parts may put any of them together.
std::vector<int> order_of(const GridSample::Axis& axis, Random& random) {
  std::vector<int> order(static_cast<std::size_t>(axis.places));
  std::iota(order.begin(), order.end(), 0);
  if (axis.ordered) return order;
  for (int i = axis.places - 1; i > 0; --i)
    std::swap(order[static_cast<std::size_t>(i)],
              order[static_cast<std::size_t>(between(random, 0, i))]);
  return order;
}

std::vector<int> inverse(const std::vector<int>& order) {
  std::vector<int> out(order.size());
  for (std::size_t i = 0; i < order.size(); ++i)
    out[static_cast<std::size_t>(order[i])] = static_cast<int>(i);
  return out;
}

/// Welford's sums (West, 1979, with weights): a square less a square would lose its digits where
/// the mean is large beside the spread.
struct Moments {
  double weight = 0, mean = 0;
  double deviation = 0;  ///< the weighted squares of the distances from the mean

  void add(double value, double of_value = 1) {
    weight += of_value;
    const double before = value - mean;
    mean += before * of_value / weight;
    deviation += of_value * before * (value - mean);
  }
  double variance() const { return deviation / weight; }
};

/// Points before the place go left.
struct Cut {
  std::size_t axis;
  int place;

  bool is_left(const GridPoint& point) const { return point.places[axis] < place; }
};

/// What is left of the points' deviation in both halves.
double deviation(std::span<const GridPoint> points, const Cut& cut) {
  Moments left, right;
  for (const auto& point : points) (cut.is_left(point) ? left : right).add(point.value);
  return left.deviation + right.deviation;
}

std::optional<Cut> best_cut(std::span<const GridPoint> points, std::size_t axes, Random& random) {
  std::optional<Cut> best;
  double least = 0;
  for (std::size_t axis = 0; axis < axes; ++axis) {
    const auto place = [axis](const GridPoint& point) { return point.places[axis]; };
    const auto [low, high] = std::ranges::minmax(points, {}, place);
    if (place(low) == place(high)) continue;
    const Cut cut{axis, between(random, place(low) + 1, place(high))};
    const double left = deviation(points, cut);
    if (best && left >= least) continue;
    best = cut;
    least = left;
  }
  return best;
}

/// Gathers the leaves of one tree after another.
class Forest {
 public:
  explicit Forest(const GridSample& sample) : sample_(sample), random_(1) {
    for (const auto& axis : sample.axes)
      marginals_.emplace_back(static_cast<std::size_t>(axis.places));
  }

  void add_tree() {
    orders_.clear();
    Box all;
    for (const auto& axis : sample_.axes) {
      orders_.push_back(order_of(axis, random_));
      all.emplace_back(0, axis.places);
    }
    auto points = sample_.points;
    for (std::size_t axis = 0; axis < orders_.size(); ++axis) {
      const auto place_of = inverse(orders_[axis]);
      for (auto& point : points)
        point.places[axis] = place_of[static_cast<std::size_t>(point.places[axis])];
    }
    tree_ = {};
    grow(points, all);
    total_ += tree_.variance();
  }

  GridVariances variances() const {
    GridVariances out{total_ / trees, {}};
    for (const auto& marginal : marginals_) {
      Moments moments;
      for (const auto value : marginal) moments.add(value / trees);
      out.main_effects.push_back(moments.variance());
    }
    return out;
  }

 private:
  void grow(std::span<GridPoint> points, const Box& box) {
    const auto [low, high] = std::ranges::minmax(points, {}, &GridPoint::value);
    const auto cut = low.value < high.value ? best_cut(points, box.size(), random_) : std::nullopt;
    if (!cut) return add_leaf(points, box);
    const auto right = std::partition(points.begin(), points.end(), [&cut](const GridPoint& point) {
      return cut->is_left(point);
    });
    Box left_box = box, right_box = box;
    left_box[cut->axis].second = right_box[cut->axis].first = cut->place;
    grow(std::span(points.begin(), right), left_box);
    grow(std::span(right, points.end()), right_box);
  }

  void add_leaf(std::span<const GridPoint> points, const Box& box) {
    double volume = 1;
    Moments values;
    for (const auto& point : points) values.add(point.value);
    const double value = values.mean;
    for (std::size_t axis = 0; axis < box.size(); ++axis) volume *= share(box, axis);
    tree_.add(value, volume);
    for (std::size_t axis = 0; axis < box.size(); ++axis)
      for (int place = box[axis].first; place < box[axis].second; ++place)
        marginals_[axis]
                  [static_cast<std::size_t>(orders_[axis][static_cast<std::size_t>(place)])] +=
            value * volume / share(box, axis);
  }

  /// Of the axis' places, those in the box.
  double share(const Box& box, std::size_t axis) const {
    return static_cast<double>(box[axis].second - box[axis].first) / sample_.axes[axis].places;
  }

  const GridSample& sample_;
  Random random_;
  std::vector<std::vector<int>> orders_;  ///< of the tree that grows: by its place, the sample's
  Moments tree_;                          ///< over all places
  double total_ = 0;                      ///< the trees' variances
  std::vector<std::vector<double>> marginals_;  ///< for each place of each axis, summed over trees
};

}  // namespace

GridVariances variances_over_grid(const GridSample& sample) {
  Forest forest(sample);
  if (sample.points.empty()) return {0, std::vector<double>(sample.axes.size())};
  for (int i = 0; i < trees; ++i) forest.add_tree();
  return forest.variances();
}

}  // namespace runner
