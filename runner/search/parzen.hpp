#pragma once

#include "runner/search/axis.hpp"
#include "runner/search/draws.hpp"

#include <span>

namespace runner {

struct Kernels {
  double width, spread, floor, prior, prior_sigma, cat, expo;
};

/// A Parzen estimate of where points lie: a mixture of one kernel around each of them, the product
/// of one over each axis, and of one that is uniform. On the interval of an axis (to_unit) the
/// kernel is a normal distribution cut off at its ends; an integer has what of it lies in its
/// share.
class Parzen {
 public:
  /// The points' weights sum to 1 with `prior`, that of the uniform kernel.
  Parzen(const Space& space, std::vector<Point> points, std::vector<double> weights,
         const Kernels& k);

  Point draw(Draws& draws) const;

  double log_density(const Point& point) const;

 private:
  struct Kernel {
    double center = 0, width = 1;
    double below = 0, mass = 1;  ///< of the whole normal distribution: under 0, and in [0, 1]
  };

  double log_kernel(std::size_t axis, const Kernel& kernel, const Json& own, double unit,
                    Share share) const;

  const Space& space_;
  std::vector<Point> points_;
  std::vector<double> weights_;
  std::vector<Kernel> kernels_;  ///< [point][axis], the prior's last
  Kernels k_;
};

}  // namespace runner
