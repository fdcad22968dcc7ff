#pragma once

#include "registry/batch/loader.hpp"
#include "registry/losses/loss.hpp"
#include "registry/metrics/metric.hpp"
#include "registry/parallel/ranks.hpp"
#include "registry/parallel/strategy.hpp"
#include "registry/precisions/precision.hpp"

#include <memory>
#include <vector>

namespace runner {

using MetricList = std::vector<std::unique_ptr<Metric>>;

/// What a network is measured with.
struct Measuring {
  const Loss& loss;
  const JudgedType& judged;
  const Precision& precision;
  const MetricList& metrics;
};

/// Of the samples of one split.
struct Evaluation {
  double loss = 0;         ///< mean over what the loss counts
  std::int64_t count = 0;  ///< targets: samples, or tokens that are not ignored
  Metric::Values more;     ///< of the metrics
  Metric::Matrices matrices;
};

/// Measures the strategy's network on every sample once, without autograd; leaves it in training
/// mode. Each rank takes its share, and all get the whole; `batch_size` samples go through all
/// ranks at once, on CPUs at most 128 a rank.
Evaluation evaluate(Strategy& strategy, const Measuring& measuring, Loader& samples,
                    std::int64_t batch_size, const Ranks& ranks = {});

}  // namespace runner
