#include "registry/layers/keyed_hash.hpp"
#include "registry/layers/mask.hpp"

#include <ATen/ATen.h>

namespace runner {
namespace {

/// Tensors have signed integers only; they wrap around as unsigned ones do.
std::int32_t as_signed(std::uint32_t bits) { return static_cast<std::int32_t>(bits); }

/// [2, samples, 1]: the low and the high halves of the keys.
at::Tensor sample_keys(const Mask& mask, const at::Tensor& input) {
  auto keys = at::empty({2, input.size(0), 1}, at::kInt);
  auto halves = keys.accessor<std::int32_t, 3>();
  for (std::int64_t sample = 0; sample < input.size(0); ++sample) {
    const KeyedHash hash(mask.sample_key(sample));
    halves[0][sample][0] = as_signed(hash.low);
    halves[1][sample][0] = as_signed(hash.high);
  }
  constexpr bool non_blocking = true;
  return keys.to(input.device(), non_blocking);
}

/// x ^ (x >> bits), in place, as unsigned numbers.
at::Tensor& fold(at::Tensor& x, int bits) {
  return x.bitwise_xor_(x.bitwise_right_shift(bits).bitwise_and_(as_signed(~0U >> bits)));
}

}  // namespace

at::Tensor Mask::apply_by_operations(const at::Tensor& input) const {
  constexpr auto& factors = KeyedHash::factors;
  const auto keys = sample_keys(*this, input);
  const auto elements = input.numel() / input.size(0);
  auto x = at::arange(elements, keys.options().dtype(at::kLong)).to(at::kInt).bitwise_xor(keys[0]);
  fold(x, 17).mul_(as_signed(factors[0]));
  fold(x, 11).bitwise_xor_(keys[1]).mul_(as_signed(factors[1]));
  fold(x, 15).mul_(as_signed(factors[2]));
  // With the highest bit turned over, signed numbers compare as the unsigned ones did.
  constexpr auto highest = 1U << 31;
  const auto dropped =
      x.bitwise_xor_(as_signed(highest)).lt(as_signed(hash_threshold(p) ^ highest));
  return input.mul(1 / (1 - p)).masked_fill_(dropped.view(input.sizes()), 0);
}

}  // namespace runner
