#pragma once

#include <cstdint>

#include <ATen/core/Tensor.h>

namespace runner {

/// What a metric is to be made for.
struct MetricShape {
  std::int64_t outputs = 0;   ///< of the network: classes, or numbers
  at::TensorOptions options;  ///< of tensors on the device

  at::Tensor zeros(std::int64_t count) const;
};

}  // namespace runner
