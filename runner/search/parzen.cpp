#include "runner/search/parzen.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <boost/math/distributions/normal.hpp>

namespace runner {
namespace {

using Double = boost::math::policies::policy<boost::math::policies::promote_double<false>>;
const boost::math::normal_distribution<double, Double> normal;
double below(double z) { return boost::math::cdf(normal, std::clamp(z, -37., 37.)); }

}  // namespace

Parzen::Parzen(const Space& space, std::vector<Point> points, std::vector<double> weights,
               const Kernels& k)
    : space_(space), points_(std::move(points)), weights_(std::move(weights)), k_(k) {
  const std::size_t n = points_.size(), d = space.size();
  kernels_.resize((n + 1) * d);
  const double shrink = std::pow(static_cast<double>(n), -k.expo / (static_cast<double>(d) + 4));
  std::vector<double> total{};
  for (std::size_t j = 0; j < d; ++j) {
    double mean = 0, square = 0;
    for (std::size_t i = 0; i < n; ++i) {
      double u = to_unit(space[j], points_[i][j]);
      kernels_[i * d + j].center = u;
      mean += u;
      square += u * u;
    }
    mean /= static_cast<double>(n);
    double dev = std::sqrt(std::max(0.0, square / static_cast<double>(n) - mean * mean));
    double width = (k.width + k.spread * dev) * shrink;
    width = std::max(width, k.floor);
    kernels_[n * d + j] = {0.5, k.prior_sigma, 0, 1};
    for (std::size_t i = 0; i <= n; ++i) {
      auto& kernel = kernels_[i * d + j];
      if (i < n) kernel.width = width;
      kernel.below = below((0 - kernel.center) / kernel.width);
      kernel.mass = below((1 - kernel.center) / kernel.width) - kernel.below;
    }
  }
  weights_.push_back(k.prior);
  double sum = 0;
  for (auto w : weights_) sum += w;
  for (auto& w : weights_) w /= sum;
}

Point Parzen::draw(Draws& draws) const {
  const std::size_t d = space_.size();
  double u = draws.uniform();
  std::size_t i = 0;
  while (i + 1 < weights_.size() && u >= weights_[i]) u -= weights_[i++];
  Point out;
  for (std::size_t j = 0; j < d; ++j) {
    const auto& kernel = kernels_[i * d + j];
    const double v = draws.uniform();
    if (space_[j].kind == Axis::Kind::choice) {
      const double w = draws.uniform();
      out.push_back(i < points_.size() && v >= k_.cat ? points_[i][j] : from_unit(space_[j], w));
      continue;
    }
    const double p = std::clamp(kernel.below + v * kernel.mass, 1e-300, 1 - 1e-16);
    out.push_back(from_unit(
        space_[j],
        std::clamp(kernel.center + kernel.width * boost::math::quantile(normal, p), 0.0, 1.0)));
  }
  return out;
}

double Parzen::log_kernel(std::size_t j, const Kernel& kernel, const Json& own, double unit,
                          Share share) const {
  (void)own;
  if (space_[j].is_integer()) {
    const double m = below((share.to - kernel.center) / kernel.width) -
                     below((share.from - kernel.center) / kernel.width);
    return std::log(std::max(m / kernel.mass, 1e-300));
  }
  const double z = (unit - kernel.center) / kernel.width;
  return -0.5 * z * z - std::log(kernel.width * kernel.mass * std::sqrt(2 * std::numbers::pi));
}

double Parzen::log_density(const Point& point) const {
  const std::size_t d = space_.size();
  std::vector<double> logs(weights_.size());
  for (std::size_t i = 0; i < weights_.size(); ++i) logs[i] = std::log(weights_[i]);
  for (std::size_t j = 0; j < d; ++j) {
    const double unit = to_unit(space_[j], point[j]);
    const Share share = space_[j].count() ? share_of(space_[j], point[j]) : Share{0, 1};
    for (std::size_t i = 0; i < weights_.size(); ++i) {
      if (space_[j].kind == Axis::Kind::choice) {
        const double K = static_cast<double>(space_[j].choices.size());
        logs[i] += std::log(i == points_.size()
                                ? 1 / K
                                : (points_[i][j] == point[j] ? 1 - k_.cat : 0) + k_.cat / K);
      } else
        logs[i] += log_kernel(j, kernels_[i * d + j], Json(), unit, share);
    }
  }
  const double top = *std::ranges::max_element(logs);
  double sum = 0;
  for (double l : logs) sum += std::exp(l - top);
  return top + std::log(sum);
}

}  // namespace runner
