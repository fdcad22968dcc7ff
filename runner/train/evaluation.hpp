#pragma once

#include "registry/losses/loss.hpp"
#include "registry/metrics/metric.hpp"
#include "registry/parallel/ranks.hpp"
#include "registry/parallel/strategy.hpp"
#include "registry/precisions/precision.hpp"
#include "runner/train/batches.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace runner {

struct Evaluation {
  double loss = 0;                      ///< mean over the samples, by their weights
  std::optional<std::int64_t> correct;  ///< answers; none where targets are numbers
  std::int64_t count = 0;
  Metric::Values more;  ///< of the metrics
  Metric::Matrices matrices;

  /// Where targets are classes.
  double accuracy() const {
    return count ? static_cast<double>(correct.value()) / static_cast<double>(count) : 0.0;
  }
};

/// Measures the strategy's network on every sample once, without autograd; leaves it in training
/// mode. Each rank takes its share, and all get the whole; `batch_size` samples go through all
/// ranks at once, on CPUs at most 128 a rank.
Evaluation evaluate(Strategy& strategy, const Loss& loss, const Precision& precision,
                    const Batches& batches, std::int64_t batch_size, const Ranks& ranks = {},
                    const std::vector<std::unique_ptr<Metric>>& metrics = {});

}  // namespace runner
