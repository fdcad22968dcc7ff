#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace runner {

/// What a trial's evaluations found: steps, ascending, and values, of which less is better.
using LearningCurve = std::vector<std::pair<std::int64_t, double>>;

/// When the median rule may stop a trial.
struct MedianRule {
  std::int64_t first_step = 0;      ///< not before this step
  std::int64_t startup_trials = 5;  ///< nor before so many trials have finished
};

/// The median stopping rule of Golovin et al., "Google Vizier" (KDD 2017), section 3.2.2: true
/// where the best that the trial has reached by its newest step s is strictly worse than the
/// median over the finished trials of the mean of what each had found up to s. Finished trials
/// without a value up to s are passed over. NaN is worse than any number.
bool median_stops(const MedianRule& rule, const LearningCurve& trial,
                  std::span<const LearningCurve> finished);

}  // namespace runner
