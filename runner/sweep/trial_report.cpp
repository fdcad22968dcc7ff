#include "runner/sweep/trial_report.hpp"

#include "experiments/say.hpp"

namespace runner {

void TrialReport::event(const Json& message) {
  const auto& event = message.at("event");
  if (event == "ready") board_.knows_length(number_, message.at("total_steps"));
  if (event == "not_saved")
    say("runner: WARNING: the checkpoint of step {} of trial {} could not be saved: {}\n",
        message.at("step").get<std::int64_t>(), number_, message.at("reason").get<std::string>());
  if (event != "evaluated") return;
  const auto& metrics = message.at("metrics");
  const auto found = metrics.find(metric_);
  if (found == metrics.end() || !found->is_number()) return;
  curve_.emplace_back(message.at("step"), found->get<double>());
  board_.measured(number_, curve_.back().second);
  measured_(curve_);
}

}  // namespace runner
