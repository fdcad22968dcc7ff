#pragma once

#include "registry/models/network.hpp"
#include "registry/optimizers/optimizer.hpp"
#include "registry/parallel/part.hpp"

#include <optional>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>

namespace runner {

/// What a rank brings into a step besides its gradients.
struct Wishes {
  bool stop = false;   ///< it wants to end after the step
  double seconds = 0;  ///< that this run has trained, by the rank's clock
};

/// The part of a parameter that a rank keeps: a range of one dimension, as DTensor's Shard(dim).
struct Shard {
  std::int64_t dim = 0;
  Part part;
};

/// How ranks train one model together: each works on its share of the global batch. A step is
/// begin_step(), forward() and backward() of each micro-batch, the optimizer's step,
/// after_update().
///
/// Between steps, the network's parameters are what this rank keeps of them: all, or a shard. What
/// needs the whole asks for it here: full_tensor() and visit(), which all ranks call in the same
/// order.
class Strategy {
 public:
  /// Trains the parameters that have gradients.
  explicit Strategy(Network& network);
  virtual ~Strategy() = default;
  Strategy(const Strategy&) = delete;
  Strategy& operator=(const Strategy&) = delete;

  Network& network() const { return network_; }
  /// Those that are trained.
  const std::vector<Parameter>& parameters() const { return parameters_; }
  /// Those that this rank's optimizer updates.
  virtual std::vector<Parameter> own_parameters() const { return parameters_; }
  /// Whether the optimizer's state differs from rank to rank; then each saves its own.
  virtual bool is_sharded() const { return false; }

  /// What this rank keeps of the parameter of this name; none: all.
  virtual std::optional<Shard> shard_of(const std::string& /*parameter*/) const { return {}; }
  /// The whole of a tensor that this rank keeps as it keeps the parameter of this name: the weight
  /// itself, its gradient, its average. On all ranks.
  virtual at::Tensor full_tensor(const Parameter& kept) const { return kept.tensor; }
  /// Shows the visitor the whole of such a tensor, and keeps what it makes of this rank's part.
  void visit(StateVisitor& visitor, const Parameter& kept) const;
  /// The network's parameters and buffers under the names of PyTorch's state_dict.
  void visit_weights(StateVisitor& visitor) const;

  /// There are no gradients yet.
  virtual void begin_step(const Wishes& wishes) = 0;

  /// The network's output, in training and in evaluation.
  virtual Output forward(const Batch& batch) { return network_.forward(batch); }

  /// `loss_sum` is the sum over the samples of a micro-batch. After the `last` micro-batch, every
  /// rank has, of what it keeps, the gradients of the sum over the global batch, divided by
  /// `divisor`.
  virtual void backward(const at::Tensor& loss_sum, double divisor, bool last) = 0;

  /// Over the global batch of the last step; a scalar.
  virtual at::Tensor loss_sum() const = 0;

  /// Of the parameters that have one.
  std::vector<at::Tensor> gradients() const;
  /// Their norm (L2), over what all ranks keep: the same on every rank. A scalar on the device.
  virtual at::Tensor gradient_norm() const;

  /// The same answer on all ranks: whether any wanted to end after the last step, and the seconds
  /// that it has taken until there by the clock of rank 0. Waits for the device.
  virtual Wishes agreed() const = 0;

  /// The optimizer has made its step; afterwards every rank has the new weights that it keeps.
  virtual void after_update() {}

  /// Makes buffers such as running averages the same on all ranks.
  virtual void agree_on_buffers() {}

 private:
  Network& network_;
  std::vector<Parameter> parameters_;
};

}  // namespace runner
