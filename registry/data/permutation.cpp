#include "registry/data/permutation.hpp"

#include <bit>

namespace runner {

Permutation::Permutation(std::uint64_t key, std::int64_t size)
    : size_(static_cast<std::uint64_t>(size)),
      half_bits_(
          static_cast<int>((std::bit_width(size_ > 1 ? size_ - 1 : std::uint64_t{1}) + 1) / 2)),
      round_keys_{} {
  for (std::uint64_t round = 0; round < rounds; ++round) round_keys_[round] = derive(key, round);
}

std::uint64_t Permutation::encrypt(std::uint64_t value) const {
  const auto mask = (std::uint64_t{1} << half_bits_) - 1;
  auto left = value >> half_bits_;
  auto right = value & mask;
  for (const auto round_key : round_keys_) {
    const auto next = left ^ (mix(right ^ round_key) & mask);
    left = right;
    right = next;
  }
  return (left << half_bits_) | right;
}

std::int64_t Permutation::operator[](std::int64_t position) const {
  auto value = static_cast<std::uint64_t>(position);
  do value = encrypt(value);
  while (value >= size_);
  return static_cast<std::int64_t>(value);
}

}  // namespace runner
