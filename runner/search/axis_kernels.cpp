#include "runner/search/axis_kernels.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <boost/math/distributions/normal.hpp>

namespace runner {
namespace {

using Double = boost::math::policies::policy<boost::math::policies::promote_double<false>>;
const boost::math::normal_distribution<double, Double> standard;

double share_below(double z) { return boost::math::cdf(standard, z); }

constexpr double least = 1e-300;  // its logarithm is finite

}  // namespace

AxisKernels::AxisKernels(const Axis& axis, std::vector<Json> values, double width, double leak)
    : axis_(&axis), values_(std::move(values)), width_(width), leak_(leak) {
  if (axis.kind == Axis::Kind::choice) return;
  for (const auto& value : values_) {
    const double center = to_unit(axis, value);
    const double below = share_below(-center / width);
    const double within = share_below((1 - center) / width) - below;
    const double log_peak = -std::log(width * within * std::sqrt(2 * std::numbers::pi));
    kernels_.push_back({center, below, within, log_peak});
  }
}

Json AxisKernels::draw(std::size_t kernel, Draws& draws) const {
  const double at = draws.uniform();
  if (axis_->kind == Axis::Kind::choice)
    return at < leak_ ? from_unit(*axis_, at / leak_) : values_[kernel];
  const auto& [center, below, within, _] = kernels_[kernel];
  const double share = std::clamp(below + at * within, least, 1 - 0x1p-53);
  const double unit = center + width_ * boost::math::quantile(standard, share);
  return from_unit(*axis_, std::clamp(unit, 0.0, 1.0));
}

void AxisKernels::add_log_densities(const Json& value, std::span<double> sums) const {
  if (axis_->kind == Axis::Kind::choice) return add_choice(value, sums);
  const double unit = to_unit(*axis_, value);
  const auto share = axis_->is_integer() ? share_of(*axis_, value) : Share{};
  for (std::size_t i = 0; i < sums.size(); ++i)
    sums[i] +=
        axis_->is_integer() ? log_probability(kernels_[i], share) : log_density(kernels_[i], unit);
}

double AxisKernels::log_density(const Kernel& kernel, double unit) const {
  const double z = (unit - kernel.center) / width_;
  return kernel.log_peak - z * z / 2;
}

double AxisKernels::log_probability(const Kernel& kernel, Share share) const {
  const double mass = share_below((share.to - kernel.center) / width_) -
                      share_below((share.from - kernel.center) / width_);
  return std::log(std::max(mass / kernel.within, least));
}

void AxisKernels::add_choice(const Json& value, std::span<double> sums) const {
  const double other = leak_ / static_cast<double>(axis_->choices.size());
  for (std::size_t i = 0; i < sums.size(); ++i)
    sums[i] += std::log(values_[i] == value ? 1 - leak_ + other : other);
}

}  // namespace runner
