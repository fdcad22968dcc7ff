#include "runner/terminal/sweep_view.hpp"

#include "runner/terminal/letters.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace runner {

int SweepView::columns() const { return std::max(width, 40); }
int SweepView::lines() const { return std::max(height, 4); }

std::vector<const SweepTrial*> SweepView::with_value() const {
  std::vector<const SweepTrial*> out;
  for (const auto& trial : trials)
    if (trial.has_value()) out.push_back(&trial);
  return out;
}

const SweepTrial* SweepView::best() const {
  const SweepTrial* best = nullptr;
  for (const auto* trial : with_value())
    if (!best || is_better(goal, *trial->value, *best->value)) best = trial;
  return best;
}

std::int64_t SweepView::failed() const { return std::ranges::count_if(trials, &SweepTrial::has_failed); }

Scale SweepView::scale() const {
  std::vector<double> values;
  for (const auto* trial : with_value()) values.push_back(*trial->value);
  return Scale(values);
}

std::optional<std::string> SweepView::nothing() const {
  if (best()) return std::nullopt;
  if (trials.empty()) return "There is no trial to draw.\n";
  const auto these = trials.size() == 1 ? std::string("The only trial has")
                                        : fmt::format("None of the {} trials has", trials.size());
  const auto failures = failed() == 0 ? "" : fmt::format("; {} failed", failed());
  return fmt::format("{} {} value of {} to draw{}.\n", these, trials.size() == 1 ? "no" : "a", metric,
                     failures);
}

std::string cut_lines(const std::vector<std::string>& lines, int width) {
  std::string text;
  for (const auto& line : lines) text += without_end(line, width) + "\n";
  return text;
}

}  // namespace runner
