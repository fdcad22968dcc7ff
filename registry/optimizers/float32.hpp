#pragma once

#include <vector>

#include <ATen/ATen.h>
#include <ATen/OpMathType.h>

namespace runner {

// An update in half precision is computed in float32, from float32 copies of all that it reads, and
// what it has changed is rounded once. Other tensors are no copies of themselves.

inline at::Tensor in_float32(const at::Tensor& tensor) {
  return tensor.to(at::toOpMathType(tensor.scalar_type()));
}
inline std::vector<at::Tensor> in_float32(std::vector<at::Tensor> tensors) {
  for (auto& tensor : tensors) tensor = in_float32(tensor);
  return tensors;
}

inline void round_into(const at::Tensor& kept, const at::Tensor& computed) {
  if (!computed.is_same(kept)) kept.copy_(computed);
}
inline void round_into(const std::vector<at::Tensor>& kept, at::TensorList computed) {
  for (std::size_t i = 0; i < kept.size(); ++i) round_into(kept[i], computed[i]);
}

}  // namespace runner
