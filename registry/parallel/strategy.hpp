#pragma once

#include "registry/models/network.hpp"
#include "registry/optimizers/optimizer.hpp"

#include <vector>

#include <ATen/core/Tensor.h>

namespace runner {

/// What a rank brings into a step besides its gradients.
struct Wishes {
  bool stop = false;   ///< it wants to end after the step
  double seconds = 0;  ///< that this run has trained, by the rank's clock
};

/// How ranks train one model together: each works on its share of the global batch. A step is
/// begin_step(), forward and backward() of each micro-batch, the optimizer's step, after_update().
class Strategy {
 public:
  /// Trains the parameters that have gradients.
  explicit Strategy(const Network& network);
  virtual ~Strategy() = default;
  Strategy(const Strategy&) = delete;
  Strategy& operator=(const Strategy&) = delete;

  const std::vector<Parameter>& parameters() const { return parameters_; }
  /// Those that this rank's optimizer updates.
  virtual std::vector<Parameter> own_parameters() const { return parameters_; }
  /// Whether each rank's optimizer has the state of its own parameters alone.
  virtual bool is_sharded() const { return false; }

  /// There are no gradients yet.
  virtual void begin_step(const Wishes& wishes) = 0;

  /// `loss_sum` is the sum over the samples of a micro-batch. After the `last` micro-batch, every
  /// rank has the gradients of the sum over the global batch, divided by `divisor`.
  virtual void backward(const at::Tensor& loss_sum, double divisor, bool last) = 0;

  /// Over the global batch of the last step; a scalar.
  virtual at::Tensor loss_sum() const = 0;

  /// The same answer on all ranks: whether any wanted to end after the last step, and the seconds
  /// that it has taken until there by the clock of rank 0. Waits for the device.
  virtual Wishes agreed() const = 0;

  /// The optimizer has made its step; afterwards every rank has all the new weights.
  virtual void after_update() {}

  /// Makes buffers such as running averages the same on all ranks.
  virtual void agree_on_buffers() {}

 private:
  std::vector<Parameter> parameters_;
};

}  // namespace runner
