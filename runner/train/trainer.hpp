#pragma once

#include "registry/builders.hpp"
#include "registry/schedulers/schedule.hpp"
#include "runner/recipe/sections.hpp"
#include "runner/supervise/heartbeat.hpp"
#include "runner/train/batches.hpp"
#include "runner/train/evaluation.hpp"
#include "runner/train/running_loss.hpp"
#include "runner/train/telemetry.hpp"

#include <atomic>
#include <memory>

namespace runner {

/// Why training ended, for the worker's last message.
struct Finished {
  std::string status;  ///< "done", "interrupted" or "failed"
  std::string reason;
};

/// Trains the model of a resolved recipe, as one rank on one device.
class Trainer {
 public:
  /// `stop` may be set at any time, by a signal; all ranks end after the same step.
  Trainer(const Json& config, const Dataset& dataset, c10::Device device, const Ranks& ranks,
          Channel& channel, Heartbeat& heartbeat, const std::atomic<bool>& stop);

  Finished train();

  /// Goes to the place in the data and in the schedule that a run has after `step` steps.
  void start_at(std::int64_t step);
  /// One optimizer step; then the parameters' gradients are those of the global batch.
  void step();
  /// The mean loss of the last step.
  double last_loss() const;

  const Network& network() const { return *network_; }
  std::int64_t steps_per_epoch() const;
  std::int64_t total_steps() const;
  std::int64_t train_samples() const { return train_batches_.samples(); }
  std::int64_t eval_samples() const { return eval_batches_.samples(); }

 private:
  void forward_backward(const Permutation& order, Part part, bool last);
  std::optional<Finished> after_step();
  std::optional<Finished> check_losses();
  void record_training();
  std::optional<Finished> evaluate_now();
  bool due(const Interval& interval) const;
  At now() const;

  std::uint64_t seed_;
  Train options_;
  Eval eval_;
  Log log_;
  c10::Device device_;
  const Ranks& ranks_;
  std::unique_ptr<Precision> precision_;
  Batches train_batches_, eval_batches_;
  std::shared_ptr<Network> network_;
  std::unique_ptr<Loss> loss_;
  std::unique_ptr<Strategy> strategy_;
  std::unique_ptr<Optimizer> optimizer_;
  std::unique_ptr<Schedule> schedule_;

  Channel& channel_;
  Heartbeat& heartbeat_;
  const std::atomic<bool>& stop_;
  Telemetry telemetry_;
  RunningLoss running_loss_;
  Progress progress_;
  double lr_ = 0;              ///< of the last step
  std::int64_t position_ = 0;  ///< samples of this epoch seen; all of them after its last step
  Part batch_;                 ///< of the last step, in its epoch
  std::int64_t last_evaluated_step_ = -1;
};

}  // namespace runner
