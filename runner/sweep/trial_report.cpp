#include "runner/sweep/trial_report.hpp"

namespace runner {

void TrialReport::event(const Json& message) {
  const auto& event = message.at("event");
  if (event == "ready") board_.knows_length(number_, message.at("total_steps"));
  if (event == "not_saved") warn_(not_saved_text(message));
  if (event != "evaluated") return;
  const auto& metrics = message.at("metrics");
  const auto found = metrics.find(metric_);
  if (found == metrics.end() || !found->is_number()) return;
  curve_.emplace_back(message.at("step"), found->get<double>());
  board_.measured(number_, curve_.back().second);
  measured_(curve_);
}

}  // namespace runner
