#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace runner {

enum class DType { uint8, int64, float32 };

/// A contiguous, read-only, row-major array: a mapped file or a buffer, kept alive by `owner`.
struct Array {
  DType dtype = DType::uint8;
  std::vector<std::int64_t> shape;
  const std::byte* data = nullptr;
  std::shared_ptr<const void> owner;
};

/// `inputs` is [N, sample shape...]; `targets` is [N] class indices, or float32 [N, numbers].
struct Split {
  Array inputs;
  Array targets;

  std::int64_t size() const { return inputs.shape.empty() ? 0 : inputs.shape.front(); }
};

/// What a model must fit: the shape of one sample, e.g. [1, 28, 28], and what is to be told of it:
/// one of so many classes, or so many numbers.
struct DataShape {
  std::vector<std::int64_t> input;
  std::int64_t classes = 0;  ///< 0 where targets are numbers
  std::int64_t numbers = 0;

  /// Columns of a model's output.
  std::int64_t outputs() const { return classes > 0 ? classes : numbers; }
};

/// Inputs are stored raw and normalised on the device: (x * scale - mean) / std, where scale is
/// 1/255 for uint8.
struct Dataset {
  DataShape shape;
  Split train;
  Split eval;
  double mean = 0.0;
  double std = 1.0;
};

}  // namespace runner
