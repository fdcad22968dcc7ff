#include "registry/layers/drop.hpp"

#include "registry/layers/widened.hpp"
#include "registry/layers/widest.hpp"

#include <bit>

namespace runner {
namespace {

[[gnu::always_inline]] inline std::uint64_t bits_of_product(double value, double scale) {
  return std::bit_cast<std::uint64_t>(value * scale);
}

[[gnu::always_inline]] inline std::uint32_t bits_of_product(float value, float scale) {
  return std::bit_cast<std::uint32_t>(value * scale);
}

[[gnu::always_inline]] inline std::uint16_t bits_of_product(c10::BFloat16 value, float scale) {
  const auto product = widened(value) * scale;
  const auto bits = std::bit_cast<std::uint32_t>(product);
  const auto rounded = (bits + 0x7FFFU + ((bits >> 16) & 1U)) >> 16;  // to nearest, ties to even
  return static_cast<std::uint16_t>(product == product ? rounded : 0x7FC0U);
}

[[gnu::always_inline]] inline std::uint16_t bits_of_product(c10::Half value, float scale) {
  return c10::Half(static_cast<float>(value) * scale).x;
}

template <class T, class Scale>
[[gnu::always_inline]] inline void drop_any(const T* __restrict in, T* __restrict out,
                                            const Stretch& stretch, Scale scale) {
  using Bits = decltype(bits_of_product(*in, scale));
  const auto [hash, threshold, index, stride, size] = stretch;
  for (std::int64_t i = 0; i < size; ++i) {
    const auto kept = hash(index + static_cast<std::uint32_t>(i) * stride) >= threshold;
    const auto all_or_none = static_cast<Bits>(Bits{0} - Bits{kept});
    out[i] = std::bit_cast<T>(static_cast<Bits>(bits_of_product(in[i], scale) & all_or_none));
  }
}

}  // namespace

void drop(const double* in, double* out, const Stretch& stretch, double scale) {
  at_widest(RUNNER_INLINE_LAMBDA { drop_any(in, out, stretch, scale); });
}

void drop(const float* in, float* out, const Stretch& stretch, float scale) {
  at_widest(RUNNER_INLINE_LAMBDA { drop_any(in, out, stretch, scale); });
}

void drop(const c10::BFloat16* in, c10::BFloat16* out, const Stretch& stretch, float scale) {
  at_widest(RUNNER_INLINE_LAMBDA { drop_any(in, out, stretch, scale); });
}

void drop(const c10::Half* in, c10::Half* out, const Stretch& stretch, float scale) {
  drop_any(in, out, stretch, scale);
}

}  // namespace runner
