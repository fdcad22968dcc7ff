#include "registry/layers/pool_windows.hpp"

#include "registry/layers/widened.hpp"
#include "registry/layers/widest.hpp"

#include <bit>

namespace runner {
namespace {

#define RUNNER_INLINE [[gnu::always_inline]] inline

/// Of a value that came from this format, so that nothing is rounded.
template <class T>
RUNNER_INLINE T narrowed(decltype(widened(T())) value) {
  if constexpr (sizeof(T) == sizeof(value))
    return value;
  else
    return T(static_cast<std::uint16_t>(std::bit_cast<std::uint32_t>(value) >> 16), T::from_bits());
}

/// The four pixels of window i are a[i * step], b[i * step] above and c[i * step], d[i * step].
template <int step, class T>
RUNNER_INLINE void pool(const T* __restrict a, const T* __restrict b, const T* __restrict c,
                        const T* __restrict d, T* __restrict out, Winner* __restrict winners,
                        std::int64_t windows) {
  using Wide = decltype(widened(T()));
  using Code = std::conditional_t<sizeof(Wide) == 8, std::int64_t, std::int32_t>;
  for (std::int64_t i = 0; i < windows; ++i) {
    const Wide pixels[] = {widened(a[i * step]), widened(b[i * step]), widened(c[i * step]),
                           widened(d[i * step])};
    Wide best = 0;
    Code winner = no_winner;
    for (Code k = 0; k < 4; ++k) {
      const bool wins = (pixels[k] > best) | (pixels[k] != pixels[k]);
      best = wins ? pixels[k] : best;
      winner = wins ? k : winner;
    }
    out[i] = narrowed<T>(best);
    winners[i] = static_cast<Winner>(winner);
  }
}

template <int step, class T>
RUNNER_INLINE void unpool(const T* __restrict gradient, const Winner* __restrict winners,
                          T* __restrict a, T* __restrict b, T* __restrict c, T* __restrict d,
                          std::int64_t windows) {
  using Bits = std::conditional_t<sizeof(T) == 8, std::uint64_t,
                                  std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint16_t>>;
  T* const pixels[] = {a, b, c, d};
  for (std::int64_t i = 0; i < windows; ++i) {
    const auto bits = std::bit_cast<Bits>(gradient[i]);
    const Bits winner = winners[i];
    for (Bits k = 0; k < 4; ++k)
      pixels[k][i * step] = std::bit_cast<T>(static_cast<Bits>(winner == k ? bits : Bits{0}));
  }
}

template <class T>
RUNNER_INLINE void pool_any(const WindowRow& row, const T* upper, const T* lower, T* out,
                            Winner* winners) {
  const auto n = row.channels;
  if (n == 1) return pool<2>(upper, upper + 1, lower, lower + 1, out, winners, row.windows);
  for (std::int64_t w = 0; w < row.windows; ++w, upper += 2 * n, lower += 2 * n)
    pool<1>(upper, upper + n, lower, lower + n, out + w * n, winners + w * n, n);
}

template <class T>
RUNNER_INLINE void unpool_any(const WindowRow& row, const T* gradient, const Winner* winners,
                              T* upper, T* lower) {
  const auto n = row.channels;
  if (n == 1) return unpool<2>(gradient, winners, upper, upper + 1, lower, lower + 1, row.windows);
  for (std::int64_t w = 0; w < row.windows; ++w, upper += 2 * n, lower += 2 * n)
    unpool<1>(gradient + w * n, winners + w * n, upper, upper + n, lower, lower + n, n);
}

}  // namespace

void pool_windows(const WindowRow& row, const float* upper, const float* lower, float* out,
                  Winner* winners) {
  at_widest(RUNNER_INLINE_LAMBDA { pool_any(row, upper, lower, out, winners); });
}

void pool_windows(const WindowRow& row, const double* upper, const double* lower, double* out,
                  Winner* winners) {
  at_widest(RUNNER_INLINE_LAMBDA { pool_any(row, upper, lower, out, winners); });
}

void pool_windows(const WindowRow& row, const c10::BFloat16* upper, const c10::BFloat16* lower,
                  c10::BFloat16* out, Winner* winners) {
  at_widest(RUNNER_INLINE_LAMBDA { pool_any(row, upper, lower, out, winners); });
}

void unpool_windows(const WindowRow& row, const float* gradient, const Winner* winners,
                    float* upper, float* lower) {
  at_widest(RUNNER_INLINE_LAMBDA { unpool_any(row, gradient, winners, upper, lower); });
}

void unpool_windows(const WindowRow& row, const double* gradient, const Winner* winners,
                    double* upper, double* lower) {
  at_widest(RUNNER_INLINE_LAMBDA { unpool_any(row, gradient, winners, upper, lower); });
}

void unpool_windows(const WindowRow& row, const c10::BFloat16* gradient, const Winner* winners,
                    c10::BFloat16* upper, c10::BFloat16* lower) {
  at_widest(RUNNER_INLINE_LAMBDA { unpool_any(row, gradient, winners, upper, lower); });
}

}  // namespace runner
