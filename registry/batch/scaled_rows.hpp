#pragma once

#include "registry/transforms/scaling.hpp"

#include <ATen/core/Tensor.h>

namespace runner {

/// The scaled rows of `stored` at `rows` (int64), as the type asked for. Of uint8 or float32 on a
/// CPU, in one pass over what is gathered.
at::Tensor gather_scaled(const at::Tensor& stored, const at::Tensor& rows, const Scaling& scaling,
                         at::ScalarType type);

/// The scaled rows [begin, end) of `stored`.
at::Tensor slice_scaled(const at::Tensor& stored, std::int64_t begin, std::int64_t end,
                        const Scaling& scaling, at::ScalarType type);

}  // namespace runner
