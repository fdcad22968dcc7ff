#include "registry/layers/keyed_hash.hpp"
#include "registry/layers/mask.hpp"

#include <ATen/ATen.h>

namespace runner {
namespace {

/// Tensors have signed integers only; they wrap around as unsigned ones do.
std::int32_t as_signed(std::uint32_t bits) { return static_cast<std::int32_t>(bits); }

/// x ^ (x >> bits), in place, as unsigned numbers.
at::Tensor& fold(at::Tensor& x, int bits) {
  return x.bitwise_xor_(x.bitwise_right_shift(bits).bitwise_and_(as_signed(~0U >> bits)));
}

}  // namespace

void Mask::write_keys(at::Tensor& keys) const {
  auto halves = keys.accessor<std::int32_t, 3>();
  for (std::int64_t sample = 0; sample < keys.size(1); ++sample) {
    const KeyedHash hash(sample_key(sample));
    halves[0][sample][0] = as_signed(hash.low);
    halves[1][sample][0] = as_signed(hash.high);
  }
}

at::Tensor Mask::apply_by_operations(const at::Tensor& input, double p, const at::Tensor& keys) {
  constexpr auto& factors = KeyedHash::factors;
  if (p == 1) return input.masked_fill(at::ones({}, keys.options().dtype(at::kBool)), 0);
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
