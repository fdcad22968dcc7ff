#pragma once

#include "registry/layers/statistics_scope.hpp"

#include <ATen/core/Tensor.h>

namespace runner {

/// Of the values of each channel (dimension 1) in the batches of all ranks; in float64. `var` is
/// the biased one, a division by `count`.
struct ChannelMoments {
  at::Tensor mean, var;  ///< [channels]
  at::Tensor count;      ///< values per channel, a scalar
};

/// Two sums over ranks. A rank's `input` may hold no samples. Throws c10::Error when there is but
/// one value per channel on all ranks together.
ChannelMoments moments_over_ranks(const at::Tensor& input, const SumOverRanks& sum);

/// (input - mean) / sqrt(var + eps) * weight + bias for `moments` of that very input; `weight` and
/// `bias` may be undefined. Backward, one sum over ranks, is that of the whole batch; the gradients
/// of `weight` and `bias` are those of this rank's samples.
at::Tensor normalise(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& bias,
                     const ChannelMoments& moments, double eps, const SumOverRanks& sum);

}  // namespace runner
