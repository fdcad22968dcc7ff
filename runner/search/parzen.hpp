#pragma once

#include "runner/search/axis_kernels.hpp"

#include <span>
#include <vector>

namespace runner {

struct Weighted {
  const Point* point;
  double weight;
};

/// A Parzen estimate of how points are distributed: a mixture of a kernel around each of them, the
/// product of one along each axis, and, so that nothing is impossible, of the uniform distribution.
class Parzen {
 public:
  /// `width` is that of the kernel of a single point, as a part of each axis. It shrinks by Scott's
  /// rule: with the number of points to the power of -1 / (axes + 4).
  Parzen(const Space& space, std::span<const Weighted> points, double width);

  Point draw(Draws& draws) const;

  double log_density(const Point& point) const;

 private:
  const Space& space_;
  std::vector<double> shares_;  ///< of the mixture: each point's, then the uniform kernel's
  std::vector<AxisKernels> axes_;
};

}  // namespace runner
