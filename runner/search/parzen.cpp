#include "runner/search/parzen.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace runner {
namespace {

constexpr double uniform_weight = 0.1;  // where points weigh 1 on average
constexpr double leak = 0.5;

std::vector<Json> values_on(std::size_t axis, std::span<const Weighted> points) {
  std::vector<Json> values;
  for (const auto& each : points) values.push_back((*each.point)[axis]);
  return values;
}

std::vector<double> shares_of(std::span<const Weighted> points) {
  std::vector<double> shares;
  for (const auto& each : points) shares.push_back(each.weight);
  const double sum = std::accumulate(shares.begin(), shares.end(), 0.0);
  const double all = static_cast<double>(points.size()) + uniform_weight;
  for (auto& share : shares) share *= static_cast<double>(points.size()) / sum / all;
  shares.push_back(uniform_weight / all);
  return shares;
}

/// Of the uniform kernel.
double log_density_anywhere(const Axis& axis, const Json& value) {
  if (!axis.count()) return 0;
  const auto [from, to] = share_of(axis, value);
  return std::log(to - from);
}

double log_of_sum(const std::vector<double>& logs) {
  const double largest = *std::ranges::max_element(logs);
  double sum = 0;
  for (const double each : logs) sum += std::exp(each - largest);
  return largest + std::log(sum);
}

}  // namespace

Parzen::Parzen(const Space& space, std::span<const Weighted> points, double width)
    : space_(space), shares_(shares_of(points)) {
  const auto n = static_cast<double>(std::max<std::size_t>(points.size(), 1));
  width *= std::pow(n, -1 / (static_cast<double>(space.size()) + 4));
  for (std::size_t i = 0; i < space.size(); ++i)
    axes_.emplace_back(space[i], values_on(i, points), width, leak);
}

Point Parzen::draw(Draws& draws) const {
  double at = draws.uniform();
  std::size_t kernel = 0;
  while (kernel + 1 < shares_.size() && at >= shares_[kernel]) at -= shares_[kernel++];
  if (kernel + 1 == shares_.size()) return draw_anywhere(space_, draws);
  Point point;
  for (const auto& axis : axes_) point.push_back(axis.draw(kernel, draws));
  return point;
}

double Parzen::log_density(const Point& point) const {
  std::vector<double> logs;
  for (const double share : shares_) logs.push_back(std::log(share));
  const std::span around(logs.data(), logs.size() - 1);
  for (std::size_t i = 0; i < space_.size(); ++i) {
    axes_[i].add_log_densities(point[i], around);
    logs.back() += log_density_anywhere(space_[i], point[i]);
  }
  return log_of_sum(logs);
}

}  // namespace runner
