#pragma once

#include "registry/state.hpp"

namespace runner {

/// The gradient noise scale of https://arxiv.org/abs/1812.06162, appendix A.1: how many samples it
/// takes until the noise of a gradient is as large as the gradient. Batches far above it are hardly
/// better than smaller ones, batches far below it are mostly noise.
class GradientNoise {
 public:
  /// The gradient's norm over a batch, and over a smaller one.
  struct Measured {
    double samples, norm;
  };
  void add(const Measured& large, const Measured& small);

  /// Of running averages of the two estimates; infinite while the gradient is lost in the noise.
  double scale() const;

  void visit_state(StateVisitor& visitor);

 private:
  double trace_ = 0;    ///< of the covariance of one sample's gradient
  double squared_ = 0;  ///< norm of the true gradient
  bool has_any_ = false;
};

}  // namespace runner
