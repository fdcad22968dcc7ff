#pragma once

#include <vector>

namespace runner {

/// Values at places of a grid: axes have places 0, 1, ... each.
struct GridSample {
  struct Axis {
    int places;
    bool ordered;  ///< neighbours are near each other; false for categories
  };
  struct Point {
    std::vector<int> places;  ///< one for each axis
    double value;
  };
  std::vector<Axis> axes;
  std::vector<Point> points;
};

struct GridVariances {
  double total = 0;
  std::vector<double> main_effects;  ///< of each axis by itself
};

/// The variance over all places of the grid, and what each axis makes of it by itself, of a
/// function that random trees fit to the points. The trees are extremely randomised (Geurts, Ernst
/// and Wehenkel 2006: at each node one random cut for each axis, of which the best is taken) and
/// grow until each leaf holds one point or equal ones, so they know every point. The total is the
/// mean of the trees'; a main effect is the variance of the marginals' mean over the trees.
GridVariances variances_over_grid(const GridSample& sample);

}  // namespace runner
