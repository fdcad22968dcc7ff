#include "runner/search/median.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace runner {
namespace {

constexpr double worst = std::numeric_limits<double>::infinity();

double or_worst(double value) { return std::isnan(value) ? worst : value; }

double best(const LearningCurve& curve) {
  double least = worst;
  for (const auto& [step, value] : curve) least = std::min(least, or_worst(value));
  return least;
}

std::optional<double> mean_up_to(const LearningCurve& curve, std::int64_t last_step) {
  double sum = 0;
  int count = 0;
  for (const auto& [step, value] : curve) {
    if (step > last_step) continue;
    sum += or_worst(value);
    ++count;
  }
  if (count == 0) return std::nullopt;
  return sum / count;
}

/// Of an even number, the mean of the two in the middle. Reorders them.
double median(std::vector<double>& values) {
  std::ranges::sort(values);
  const auto middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

}  // namespace

bool median_stops(const MedianRule& rule, const LearningCurve& trial,
                  std::span<const LearningCurve> finished) {
  if (trial.empty() || trial.back().first < rule.first_step) return false;
  if (static_cast<std::int64_t>(finished.size()) < rule.startup_trials) return false;
  std::vector<double> means;
  for (const auto& curve : finished)
    if (const auto mean = mean_up_to(curve, trial.back().first)) means.push_back(*mean);
  return !means.empty() && best(trial) > median(means);
}

}  // namespace runner
