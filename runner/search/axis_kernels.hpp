#pragma once

#include "runner/search/axis.hpp"
#include "runner/search/draws.hpp"

#include <span>
#include <vector>

namespace runner {

/// Kernels along one axis, one around each value. On the interval (to_unit) a kernel is a normal
/// distribution of this width (standard deviation) cut off at the ends; an integer has what of it
/// lies in its share. The kernel of a choice gives `leak` of itself to all choices alike and the
/// rest to its own.
class AxisKernels {
 public:
  AxisKernels(const Axis& axis, std::vector<Json> values, double width, double leak);

  /// A value, distributed as the kernel is.
  Json draw(std::size_t kernel, Draws& draws) const;

  /// Adds the logarithm of each kernel's density at the value; of an integer's or choice's
  /// probability.
  void add_log_densities(const Json& value, std::span<double> sums) const;

 private:
  struct Kernel {
    double center;
    double below;     ///< of the whole normal distribution, what lies before the interval
    double within;    ///< and what lies in it
    double log_peak;  ///< of the density at the center
  };

  double log_density(const Kernel& kernel, double unit) const;
  double log_probability(const Kernel& kernel, Share share) const;
  void add_choice(const Json& value, std::span<double> sums) const;

  const Axis* axis_;
  std::vector<Json> values_;
  double width_, leak_;
  std::vector<Kernel> kernels_;
};

}  // namespace runner
