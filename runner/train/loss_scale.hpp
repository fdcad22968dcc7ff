#pragma once

#include "registry/state.hpp"

#include <vector>

#include <ATen/core/Tensor.h>

namespace runner {

/// Dynamic loss scaling for half precision (Micikevicius et al., 2018, arXiv:1710.03740), with the
/// numbers of torch.amp.GradScaler: gradients too small for fp16 are computed from a loss that is
/// larger by `factor()`. A step whose gradients are not finite is skipped, and the factor halved;
/// after 2000 good steps it is doubled.
class LossScale {
 public:
  explicit LossScale(bool enabled) : factor_(enabled ? 65536 : 1), enabled_(enabled) {}

  double factor() const { return factor_; }
  bool enabled() const { return enabled_; }
  /// How many steps were skipped.
  std::int64_t skipped() const { return skipped_; }

  /// Divides the gradients by the factor. False when the step is to be skipped: the same on all
  /// ranks, since they have the same gradients. Waits for the device.
  bool unscale(std::vector<at::Tensor>& gradients);

  void visit_state(StateVisitor& visitor);

 private:
  double factor_;
  bool enabled_;
  std::int64_t good_steps_ = 0;
  std::int64_t skipped_ = 0;
};

}  // namespace runner
