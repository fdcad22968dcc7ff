#pragma once

#include "runner/train/anomaly.hpp"
#include "runner/train/ledger.hpp"
#include "runner/train/profiler.hpp"

#include <memory>
#include <optional>
#include <string>

namespace runner {

/// What a recipe asks to see of the training: `detect_anomaly`, `ledger` and `profile`.
class Diagnostics {
 public:
  /// Of a run that goes on after `first_step`; what is written goes into `folder`.
  Diagnostics(const Json& config, const std::filesystem::path& folder, const Strategy& strategy,
              int rank, c10::Device device, std::int64_t first_step);

  /// Before the update of each step.
  void note_gradients();
  /// After the update; `loss` is asked for only when somebody wants it.
  void note_step(std::int64_t step, const std::function<double()>& loss);
  /// After the step: what the profiler has to tell.
  std::optional<Event> between_steps(std::int64_t step);
  std::optional<Event> finish(std::int64_t step);

  /// Whether each step's numbers come to the host.
  bool looks_into_steps() const { return anomalies_ || ledger_; }
  bool found_nan() const { return anomalies_ && anomalies_->first_nan(); }
  /// Where numbers first were not finite: "; the first NaN is from ...", empty when unknown.
  std::string explanation() const;

 private:
  std::int64_t first_step_;
  std::unique_ptr<AnomalyDetector> anomalies_;
  std::unique_ptr<Ledger> ledger_;
  Profiler profiler_;
};

}  // namespace runner
