#pragma once

#include <ATen/core/Tensor.h>

namespace runner {

/// x * factor - offset.
struct Scaling {
  double factor, offset;
};

/// The scaled rows of `stored` (uint8 or float32) at `rows` (int64), as the type asked for. On a
/// CPU in one pass over what is gathered.
at::Tensor gather_scaled(const at::Tensor& stored, const at::Tensor& rows, const Scaling& scaling,
                         at::ScalarType type);

/// The scaled rows [begin, end) of `stored`.
at::Tensor slice_scaled(const at::Tensor& stored, std::int64_t begin, std::int64_t end,
                        const Scaling& scaling, at::ScalarType type);

}  // namespace runner
