#pragma once

#include <ATen/core/Tensor.h>

namespace runner {

/// The images [N, C, H, W] in torch's channels_last memory format, in which convolutions need no
/// reordering of what they read and write. Layers keep the format that they are given.
at::Tensor channels_last(const at::Tensor& images);

}  // namespace runner
