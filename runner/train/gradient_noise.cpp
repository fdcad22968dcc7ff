#include "runner/train/gradient_noise.hpp"

#include <limits>

namespace runner {
namespace {

constexpr double kept_share = 0.9;

}  // namespace

void GradientNoise::add(const Measured& large, const Measured& small) {
  const double large_squared = large.norm * large.norm, small_squared = small.norm * small.norm;
  const double squared = (large.samples * large_squared - small.samples * small_squared) /
                         (large.samples - small.samples);
  const double trace = (small_squared - large_squared) / (1 / small.samples - 1 / large.samples);
  const double kept = has_any_ ? kept_share : 0;
  squared_ = kept * squared_ + (1 - kept) * squared;
  trace_ = kept * trace_ + (1 - kept) * trace;
  has_any_ = true;
}

double GradientNoise::scale() const {
  return squared_ > 0 ? trace_ / squared_ : std::numeric_limits<double>::infinity();
}

void GradientNoise::visit_state(StateVisitor& visitor) {
  visitor.value("gradient_noise_trace", trace_);
  visitor.value("gradient_noise_squared", squared_);
  visitor.value("gradient_noise_has_any", has_any_);
}

}  // namespace runner
