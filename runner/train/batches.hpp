#pragma once

#include "registry/datasets/dataset.hpp"
#include "runner/train/normalise.hpp"
#include "runner/train/permutation.hpp"

#include <ATen/core/Tensor.h>

namespace runner {

struct Batch {
  at::Tensor inputs;   ///< [N, sample shape...], normalised, of the type asked for
  at::Tensor targets;  ///< [N], int64 class indices; or [N, numbers], float32

  std::int64_t size() const { return targets.size(0); }
};

/// Writes the numbers of the samples that stand at `begin` of an order and after it.
void write_samples(const Permutation& order, std::int64_t begin, at::Tensor& samples);

/// A split of a dataset on a device. Inputs stay as they are stored (uint8: a quarter of the
/// memory) and are normalised batch by batch.
class Batches {
 public:
  Batches(const Split& split, double mean, double std, c10::Device device,
          at::ScalarType type = at::kFloat);

  std::int64_t samples() const { return targets_.size(0); }
  /// Of tensors on the device.
  at::TensorOptions options() const { return inputs_.options(); }

  /// The samples of these numbers, int64 on the device.
  Batch gather(const at::Tensor& samples) const;
  /// The targets alone, on the CPU as the numbers are.
  at::Tensor targets(const at::Tensor& samples) const;
  /// Of all samples, on the CPU.
  const at::Tensor& targets() const { return host_targets_; }
  /// The samples [begin, end) as they are stored.
  Batch slice(std::int64_t begin, std::int64_t end) const;

 private:
  at::Tensor inputs_, host_targets_, targets_;
  Scaling scaling_;
  at::ScalarType type_;
};

}  // namespace runner
