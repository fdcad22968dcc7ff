#pragma once

#include <cstdint>

#include <c10/util/BFloat16.h>

namespace runner {

/// Which of a window's four values was the largest; `no_winner` where none is above 0.
using Winner = std::uint8_t;
constexpr Winner no_winner = 4;

/// How a row of 2 x 2 windows lies in memory.
struct WindowRow {
  std::int64_t windows;   ///< side by side
  std::int64_t channels;  ///< 1: the windows of one channel; more: channels_last
};

/// out = max(0, the largest of each window), and which it was. `upper` and `lower` are the two rows
/// of pixels that the windows lie on. A NaN wins.
void pool_windows(const WindowRow& row, const float* upper, const float* lower, float* out,
                  Winner* winners);
void pool_windows(const WindowRow& row, const double* upper, const double* lower, double* out,
                  Winner* winners);
void pool_windows(const WindowRow& row, const c10::BFloat16* upper, const c10::BFloat16* lower,
                  c10::BFloat16* out, Winner* winners);

/// The way back: each window's gradient goes to its winner, the other pixels get 0.
void unpool_windows(const WindowRow& row, const float* gradient, const Winner* winners,
                    float* upper, float* lower);
void unpool_windows(const WindowRow& row, const double* gradient, const Winner* winners,
                    double* upper, double* lower);
void unpool_windows(const WindowRow& row, const c10::BFloat16* gradient, const Winner* winners,
                    c10::BFloat16* upper, c10::BFloat16* lower);

}  // namespace runner
