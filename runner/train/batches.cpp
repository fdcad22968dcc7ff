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

at::Tensor as_targets(const at::Tensor& stored) {
  return stored.is_floating_point() ? stored : stored.to(at::kLong);
}

at::Tensor view(const Array& array) {
  // from_blob wants a pointer to writable memory; nothing here writes to it.
  auto* data = const_cast<std::byte*>(array.data);
  return at::from_blob(
      data, array.shape, [owner = array.owner](void*) {}, scalar_type(array.dtype));
}

at::Tensor samples_at(const Permutation& order, std::int64_t begin, std::int64_t end) {
  auto samples = at::empty({end - begin}, at::kLong);
  auto* sample = samples.data_ptr<std::int64_t>();
  for (auto position = begin; position < end; ++position) *sample++ = order[position];
  return samples;
}

}  // namespace

Batches::Batches(const Split& split, double mean, double std, c10::Device device,
                 at::ScalarType type)
    : inputs_(view(split.inputs).to(device)),
      host_targets_(as_targets(view(split.targets))),
      targets_(host_targets_.to(device)),
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
  const auto indices = samples_at(order, begin, end).to(inputs_.device());
  return {normalise(inputs_.index_select(0, indices)), targets_.index_select(0, indices)};
}

at::Tensor Batches::targets(const Permutation& order, std::int64_t begin, std::int64_t end) const {
  return host_targets_.index_select(0, samples_at(order, begin, end));
}

Batch Batches::slice(std::int64_t begin, std::int64_t end) const {
  return {normalise(inputs_.slice(0, begin, end)), targets_.slice(0, begin, end)};
}

}  // namespace runner
