#include "runner/train/batches.hpp"

#include <ATen/ATen.h>

namespace runner {
namespace {

at::ScalarType scalar_type(DType type) {
  switch (type) {
    case DType::uint8:
      return at::kByte;
    case DType::int64:
      return at::kLong;
    case DType::float32:
      return at::kFloat;
  }
  return at::kByte;
}

at::Tensor view(const Array& array) {
  // from_blob wants a pointer to writable memory; nothing here writes to it.
  auto* data = const_cast<std::byte*>(array.data);
  return at::from_blob(
      data, array.shape, [owner = array.owner](void*) {}, scalar_type(array.dtype));
}

}  // namespace

Batches::Batches(const Split& split, double mean, double std, c10::Device device,
                 at::ScalarType type)
    : inputs_(view(split.inputs).to(device)),
      targets_(view(split.targets).to(at::kLong).to(device)),
      mean_(mean),
      std_(std),
      type_(type) {}

/// (x / 255 - mean) / std in one multiplication and one addition; a copy, since the stored inputs
/// may be floats already.
at::Tensor Batches::normalise(const at::Tensor& raw) const {
  const double scale = raw.scalar_type() == at::kByte ? 1.0 / 255.0 : 1.0;
  constexpr bool non_blocking = false, copy = true;
  return raw.to(type_, non_blocking, copy).mul_(scale / std_).sub_(mean_ / std_);
}

Batch Batches::gather(const Permutation& order, std::int64_t begin, std::int64_t end) const {
  auto indices = at::empty({end - begin}, at::kLong);
  auto* index = indices.data_ptr<std::int64_t>();
  for (auto position = begin; position < end; ++position) *index++ = order[position];
  indices = indices.to(inputs_.device());
  return {normalise(inputs_.index_select(0, indices)), targets_.index_select(0, indices)};
}

Batch Batches::slice(std::int64_t begin, std::int64_t end) const {
  return {normalise(inputs_.slice(0, begin, end)), targets_.slice(0, begin, end)};
}

}  // namespace runner
