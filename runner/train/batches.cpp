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

/// (x / 255 - mean) / std in one multiplication and one subtraction.
Scaling normalisation(const at::Tensor& stored, double mean, double std) {
  const double scale = stored.scalar_type() == at::kByte ? 1.0 / 255.0 : 1.0;
  return {scale / std, mean / std};
}

}  // namespace

void write_samples(const Permutation& order, std::int64_t begin, at::Tensor& samples) {
  auto* numbers = samples.data_ptr<std::int64_t>();
  for (std::int64_t i = 0; i < samples.numel(); ++i) numbers[i] = order[begin + i];
}

Batches::Batches(const Split& split, double mean, double std, c10::Device device,
                 at::ScalarType type)
    : inputs_(view(split.inputs).to(device)),
      host_targets_(as_targets(view(split.targets))),
      targets_(host_targets_.to(device)),
      scaling_(normalisation(inputs_, mean, std)),
      type_(type) {}

Batch Batches::gather(const at::Tensor& samples) const {
  return {gather_scaled(inputs_, samples, scaling_, type_), targets_.index_select(0, samples)};
}

at::Tensor Batches::targets(const at::Tensor& samples) const {
  return host_targets_.index_select(0, samples);
}

Batch Batches::slice(std::int64_t begin, std::int64_t end) const {
  return {slice_scaled(inputs_, begin, end, scaling_, type_), targets_.slice(0, begin, end)};
}

}  // namespace runner
