#include "registry/layers/mask.hpp"

#include "registry/in_parallel.hpp"
#include "registry/layers/drop.hpp"
#include "registry/random.hpp"

#include <ATen/ATen.h>
#include <ATen/OpMathType.h>

namespace runner {
namespace {

/// How one sample lies in memory: `places` of `channels` each. A contiguous sample is one place.
struct Layout {
  std::int64_t places, channels;
};

Layout layout_of(const at::Tensor& batch, std::int64_t elements) {
  if (batch.is_contiguous()) return {1, elements};
  return {elements / batch.size(1), batch.size(1)};
}

bool is_dense(const at::Tensor& batch) {
  return batch.is_contiguous() || batch.is_contiguous(at::MemoryFormat::ChannelsLast) ||
         batch.is_contiguous(at::MemoryFormat::ChannelsLast3d);
}

template <class T>
void drop_samples(const Mask& mask, const at::Tensor& input, at::Tensor& output) {
  const auto elements = input.numel() / input.size(0);
  const auto layout = layout_of(input, elements);
  const auto* in = input.const_data_ptr<T>();
  auto* out = output.mutable_data_ptr<T>();
  const auto scale = static_cast<at::opmath_type<T>>(1 / (1 - mask.p));
  const auto stride = static_cast<std::uint32_t>(layout.places);
  const auto work = [&](std::int64_t begin, std::int64_t end) {
    for (auto sample = begin; sample < end; ++sample) {
      Stretch stretch{KeyedHash(mask.sample_key(sample)), hash_threshold(mask.p), 0, stride,
                      layout.channels};
      for (auto at = sample * elements; stretch.index < stride;
           ++stretch.index, at += layout.channels)
        drop(in + at, out + at, stretch, scale);
    }
  };
  in_parallel(input.size(0), work, elements);
}

}  // namespace

std::uint64_t Mask::sample_key(std::int64_t sample) const {
  return derive(layer_key, first + sample);
}

void Mask::check(const at::Tensor& input) {
  TORCH_CHECK(input.dim() > 0 && input.numel() <= input.size(0) << 32,
              "dropout needs a batch of samples of at most 2^32 elements, got ", input.sizes());
}

at::Tensor Mask::apply(const at::Tensor& input) const {
  TORCH_CHECK(input.is_cpu(), "a mask goes over memory of this process, not of ", input.device());
  check(input);
  if (p == 1 || input.numel() == 0) return at::zeros_like(input);
  const auto dense = is_dense(input) ? input : input.contiguous();
  auto output = at::empty_like(dense);
  AT_DISPATCH_FLOATING_TYPES_AND2(at::kBFloat16, at::kHalf, input.scalar_type(), "dropout",
                                  [&] { drop_samples<scalar_t>(*this, dense, output); });
  return output;
}

}  // namespace runner
