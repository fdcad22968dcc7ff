#include "runner/sweep/trial_report.hpp"

namespace runner {

void TrialReport::event(const Event& event) {
  if (const auto* ready = std::get_if<protocol::Ready>(&event))
    board_.knows_length(number_, ready->total_steps);
  if (const auto* not_saved = std::get_if<protocol::NotSaved>(&event))
    warn_(not_saved_text(*not_saved));
  if (const auto* evaluated = std::get_if<protocol::Evaluated>(&event)) note(*evaluated);
}

void TrialReport::note(const protocol::Evaluated& evaluated) {
  const auto found = evaluated.metrics.find(metric_);
  if (found == evaluated.metrics.end()) return;
  curve_.emplace_back(evaluated.step, found->second);
  board_.measured(number_, found->second);
  measured_(curve_);
}

}  // namespace runner
