#pragma once

#include <functional>

#include <ATen/core/Tensor.h>

namespace runner {

/// Adds up over ranks, in place, and waits for the result. All ranks call it in the same order.
using SumOverRanks = std::function<void(at::Tensor&)>;

/// While it lives, the batch norms that this thread trains take their statistics over all ranks.
class StatisticsScope {
 public:
  /// `sum` is also called by backward, which may outlive the scope: it keeps a copy.
  explicit StatisticsScope(SumOverRanks sum);
  /// Brings back the scope before it.
  ~StatisticsScope();
  StatisticsScope(const StatisticsScope&) = delete;
  StatisticsScope& operator=(const StatisticsScope&) = delete;

  /// This thread's innermost; null outside any.
  static const StatisticsScope* current();

  const SumOverRanks& sum_over_ranks() const { return sum_; }

 private:
  SumOverRanks sum_;
  const StatisticsScope* outer_;
};

}  // namespace runner
