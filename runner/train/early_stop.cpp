#include "runner/train/early_stop.hpp"

#include <cmath>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace runner {
namespace {

std::string shown(double value) { return std::isnan(value) ? "NaN" : fmt::format("{:.6g}", value); }

}  // namespace

std::optional<std::string> EarlyStop::measured(const Json& metrics) {
  if (!options_.patience && !options_.divergence_threshold) return std::nullopt;
  const auto found = metrics.find(options_.metric);
  if (found == metrics.end()) {
    std::vector<std::string> known;
    for (const auto& [name, value] : metrics.items()) known.push_back(name);
    throw std::runtime_error(
        fmt::format("early_stopping.metric is '{}', but what is measured is {}", options_.metric,
                    fmt::join(known, ", ")));
  }
  // From here on, less is better.
  const double direction = options_.goal() == Goal::smaller ? 1 : -1;
  const double value = direction * found->get<double>();
  // A NaN is worse than anything.
  if (options_.divergence_threshold && !(value <= direction * *options_.divergence_threshold))
    return fmt::format("{} is {}, beyond early_stopping.divergence_threshold {:.6g}",
                       options_.metric, shown(direction * value), *options_.divergence_threshold);
  if (!std::isnan(value) && (!has_best_ || value < best_ - options_.min_delta)) {
    has_best_ = true;
    best_ = value;
    without_better_ = 0;
    return std::nullopt;
  }
  ++without_better_;
  if (!options_.patience || without_better_ < *options_.patience) return std::nullopt;
  if (!has_best_)
    return fmt::format("{} is NaN in {} evaluations, and cannot be judged", options_.metric,
                       without_better_);
  return fmt::format("{} has not become better than {} in {} evaluations", options_.metric,
                     shown(direction * best_), without_better_);
}

void EarlyStop::visit_state(StateVisitor& visitor) {
  visitor.value("early_stop.has_best", has_best_);
  visitor.value("early_stop.best", best_);
  visitor.value("early_stop.without_better", without_better_);
  // A run that was stopped early, and is trained further, has its whole patience again.
  if (options_.patience && without_better_ >= *options_.patience) without_better_ = 0;
}

}  // namespace runner
