#pragma once

#include "registry/batch/batch.hpp"

#include <cstdint>
#include <optional>

#include <ATen/core/Tensor.h>

namespace runner {

/// A loss is a sum and a count of what it is summed over: samples, tokens, weights of classes. The
/// trainer divides by the true count of the whole global batch, so that a smaller last batch,
/// accumulation and any number of ranks give the same gradients.
class Loss {
 public:
  Loss() = default;
  Loss(const Loss&) = delete;
  Loss& operator=(const Loss&) = delete;
  virtual ~Loss() = default;

  /// Over the rows of the batch: scalar.
  virtual at::Tensor sum(const Output& output, const Batch& batch) const = 0;

  /// What one row counts, where all count alike: 1, or as many as it has tokens. Else the targets
  /// have to be looked at.
  virtual std::optional<double> count_of_row() const { return 1; }
  /// What rows with these targets count together: scalar, float64, where the targets are.
  virtual at::Tensor count(const at::Tensor& targets) const;

  /// The class of targets that are not counted; none where there is no such class.
  virtual std::optional<std::int64_t> ignored() const { return std::nullopt; }
};

}  // namespace runner
