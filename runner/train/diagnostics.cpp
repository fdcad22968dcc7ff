#include "runner/train/diagnostics.hpp"

namespace runner {

Diagnostics::Diagnostics(const Json& config, const std::filesystem::path& folder,
                         const Strategy& strategy, int rank, c10::Device device,
                         std::int64_t first_step)
    : first_step_(first_step),
      profiler_(from_json<Profile>(config.at("profile")), folder, rank, device) {
  const auto general = from_json<General>(config);
  if (general.detect_anomaly) anomalies_ = std::make_unique<AnomalyDetector>(strategy.network());
  if (general.ledger == "on")
    ledger_ = std::make_unique<Ledger>(folder, strategy, rank == 0, first_step);
}

void Diagnostics::note_gradients() {
  if (ledger_) ledger_->note_gradients();
}

void Diagnostics::note_step(std::int64_t step, const std::function<double()>& loss) {
  if (ledger_) ledger_->write(step, loss());
  if (anomalies_) anomalies_->look_at_weights();
}

std::optional<Event> Diagnostics::between_steps(std::int64_t step) {
  return profiler_.between_steps(step - first_step_);
}

std::optional<Event> Diagnostics::finish(std::int64_t step) {
  return profiler_.finish(step - first_step_);
}

std::string Diagnostics::explanation() const {
  std::string text;
  if (!anomalies_) return text;
  for (const auto& found : {anomalies_->first_infinity(), anomalies_->first_nan()})
    if (found) text += "; " + *found;
  return text;
}

}  // namespace runner
