#pragma once

#include <cstdint>

#include <ATen/core/Tensor.h>

namespace runner {

/// Which elements a dropout layer keeps: a pure function of the layer's key, the sample's position
/// in the global batch, and the element's index in the sample, counted in the order of a contiguous
/// sample whatever the memory format.
struct Mask {
  double p;  ///< the probability to drop an element
  std::uint64_t layer_key;
  std::int64_t first;  ///< the position of the first sample of a tensor

  /// Throws c10::Error unless dimension 0 of `input` is the sample, of at most 2^32 elements.
  static void check(const at::Tensor& input);

  /// What is kept over 1 - p, and 0 elsewhere. Checks the input, which lies in this
  /// process's memory.
  at::Tensor apply(const at::Tensor& input) const;

  /// The same by tensor operations alone, which autograd can follow, for devices without a kernel
  /// of ours; from `keys` as write_keys() has them, on the input's device.
  static at::Tensor apply_by_operations(const at::Tensor& input, double p, const at::Tensor& keys);

  /// Into int32 [2, samples, 1]: the low and the high halves of the samples' keys.
  void write_keys(at::Tensor& keys) const;

  /// Of the hash of a sample's elements; `sample` is its row in a tensor.
  std::uint64_t sample_key(std::int64_t sample) const;
};

}  // namespace runner
