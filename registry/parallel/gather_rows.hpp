#pragma once

#include "registry/parallel/ranks.hpp"

#include <ATen/core/Tensor.h>

namespace runner {

/// The rows [n, ...] of all ranks, those of rank 0 first; each may have another number of them.
/// Gradients go back through it: a rank's rows get the sum over ranks of what each has for them.
at::Tensor gather_rows(const Ranks& ranks, const at::Tensor& rows);

}  // namespace runner
