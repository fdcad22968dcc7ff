#pragma once

#include <cstdint>
#include <functional>

#include <ATen/core/Tensor.h>

namespace runner {

/// A function of the weights, at some distance along a direction from where a search began.
struct LinePoint {
  double distance = 0;
  double loss = 0;
  at::Tensor gradient;
  double slope = 0;  ///< the gradient's share along the direction
};

/// Evaluates the function at this distance.
using Along = std::function<LinePoint(double distance)>;

/// A point that satisfies the strong Wolfe conditions with c1 = 1e-4 and c2 = 0.9, found from
/// `start` by trying `first` at first, or the best of `most` more. `reach` is the direction's
/// largest element: a bracket that moves no weight by 1e-9 is not divided. As _strong_wolfe of
/// torch/optim/lbfgs.py; see Nocedal and Wright, "Numerical optimization", 2006, section 3.5.
LinePoint strong_wolfe(const Along& along, const LinePoint& start, double first, double reach,
                       std::int64_t most);

}  // namespace runner
