#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <vector>

namespace runner {

/// Asynchronous successive halving: Algorithm 2 of Li et al., "A System for Massively Parallel
/// Hyperparameter Tuning" (MLSys 2020, arXiv:1810.05934). Decisions are functions of what is
/// recorded, so they are the same after a kill.

/// What a trial came to at the end of a rung. Less is better; what is not finite has failed.
struct RungResult {
  std::int64_t trial;
  int rung;  ///< from 0
  double value;
};

/// A trial that is to be trained on to the end of a rung above 0.
struct Promotion {
  std::int64_t trial;
  int rung;

  auto operator<=>(const Promotion&) const = default;
};

/// The step at which each rung ends: first * reduction_factor^k below `last`, then `last` itself.
/// Of more than `most` rungs the lowest are kept, and the last.
std::vector<std::int64_t> rung_budgets(std::int64_t first, std::int64_t reduction_factor,
                                       std::int64_t last, std::optional<std::int64_t> most = {});

/// The paper's get_job(): the best trial of the highest rung that has one to promote, or nothing
/// where a new trial is to begin. Of a rung's n results the best n / reduction_factor, rounded
/// down, may go on; of equal ones those with lower numbers. A failed trial counts among the n and
/// never goes on. Of several results of a trial in a rung the last one counts.
/// `given` are the promotions that were given out before, whether they have ended or not.
std::optional<Promotion> next_promotion(std::span<const RungResult> results,
                                        const std::set<Promotion>& given,
                                        std::int64_t reduction_factor, int rungs);

/// The best trial of the highest rung that has one to train on: for where next_promotion() gives
/// none, since each rung has fewer than reduction_factor trials, and none has come to the end.
std::optional<Promotion> best_of_highest_rung(std::span<const RungResult> results,
                                              const std::set<Promotion>& given, int rungs);

}  // namespace runner
