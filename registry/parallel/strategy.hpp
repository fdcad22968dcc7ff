#pragma once

#include "registry/models/network.hpp"

#include <vector>

#include <ATen/core/Tensor.h>

namespace runner {

/// How ranks train one model together: each works on its share of the global batch. A step is
/// begin_step(), forward and backward() of each micro-batch, the optimizer's step, after_update().
class Strategy {
 public:
  Strategy() = default;
  virtual ~Strategy() = default;
  Strategy(const Strategy&) = delete;
  Strategy& operator=(const Strategy&) = delete;

  /// The parameters that this rank's optimizer updates.
  virtual std::vector<at::Tensor> own_parameters() const = 0;

  /// There are no gradients yet. `stop`: this rank wants to end after the step.
  virtual void begin_step(bool stop) = 0;

  /// `loss_sum` is a sum over the samples of a micro-batch, in a global batch of `batch_size`
  /// samples. After the `last` micro-batch, every rank has the gradients of the global batch's mean
  /// loss.
  virtual void backward(const at::Tensor& loss_sum, std::int64_t batch_size, bool last) = 0;

  /// Over the global batch of the last step; a scalar.
  virtual at::Tensor loss_sum() const = 0;

  /// Whether any rank wanted to end after the last step: the same answer on all. Waits for the
  /// device.
  virtual bool stop_agreed() const = 0;

  /// The optimizer has made its step; afterwards every rank has all the new weights.
  virtual void after_update() {}

  /// Makes buffers such as running averages the same on all ranks.
  virtual void agree_on_buffers() {}
};

}  // namespace runner
