#pragma once

#include <cmath>
#include <numbers>

namespace runner {

/// Half a cosine wave from `start` to `end`, as `share` goes from 0 to 1 (Loshchilov and Hutter,
/// "SGDR", 2017, equation 5).
inline double cosine_curve(double start, double end, double share) {
  return end + (start - end) * (1 + std::cos(std::numbers::pi * share)) / 2;
}

}  // namespace runner
