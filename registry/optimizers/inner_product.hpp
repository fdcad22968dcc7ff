#pragma once

#include <ATen/core/Tensor.h>

namespace runner {

/// Of two vectors, summed in double precision. On CPUs in an order that no number
/// of threads changes: ranks with more cores than others must not come to other decisions.
double inner_product(const at::Tensor& a, const at::Tensor& b);

}  // namespace runner
