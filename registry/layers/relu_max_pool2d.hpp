#pragma once

#include <ATen/core/Tensor.h>

namespace runner {

/// relu(max_pool2d(images, 2)), which is max_pool2d(relu(images), 2): [N, C, H, W] -> [N, C, H/2,
/// W/2]. On a CPU one pass forward and one back, which keep a byte for each output instead of two
/// copies of the images; the same numbers and gradients as torch's two operations, which it is
/// elsewhere.
at::Tensor relu_max_pool2d(const at::Tensor& images);

}  // namespace runner
