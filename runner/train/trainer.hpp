#pragma once

#include "registry/batch/loader.hpp"
#include "registry/builders.hpp"
#include "registry/data/permutation.hpp"
#include "registry/layers/sample_scope.hpp"
#include "registry/optimizers/groups.hpp"
#include "registry/schedulers/schedule.hpp"
#include "runner/checkpoint/saver.hpp"
#include "runner/protocol/event.hpp"
#include "runner/protocol/heartbeat.hpp"
#include "runner/recipe/sections.hpp"
#include "runner/train/diagnostics.hpp"
#include "runner/train/due.hpp"
#include "runner/train/early_stop.hpp"
#include "runner/train/evaluation.hpp"
#include "runner/train/gradient_noise.hpp"
#include "runner/train/loss_scale.hpp"
#include "runner/train/pace.hpp"
#include "runner/train/running_loss.hpp"
#include "runner/train/step_graph.hpp"
#include "runner/train/telemetry.hpp"
#include "runner/train/weight_average.hpp"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>

namespace runner {

using protocol::Finished;

/// Samples that a network is measured on.
struct EvalSplit {
  std::string name;
  std::unique_ptr<Loader> loader;
};

/// Trains the model of a resolved recipe, as one rank on one device.
class Trainer {
 public:
  /// `stop` may be set at any time, by a signal; all ranks end after the same step.
  Trainer(const Json& config, const Dataset& dataset, c10::Device device, const Ranks& ranks,
          Channel& channel, Heartbeat& heartbeat, const std::atomic<bool>& stop);

  /// Takes the weights in a safetensors file.
  void begin_with(const std::filesystem::path& weights, const InitFrom& options);
  /// Saves checkpoints into this folder from now on.
  void save_into(const std::filesystem::path& folder);
  /// Whenever save.keep_best's metric is the best so far, too; where save.every is null, only then.
  void save_each_best() { saves_each_best_ = true; }
  /// Goes on from the checkpoint in this folder. Throws std::runtime_error when it does not fit.
  void restore(const std::filesystem::path& checkpoint);
  /// Stops after this step, evaluated and saved, to go on another time or not at all.
  void pause_at(std::int64_t step) { pause_at_ = step; }
  /// Writes what the resolved recipe asks to see of the training into this folder.
  void diagnose_into(const std::filesystem::path& folder, const Json& config);
  Finished train();

  /// Captures a whole step of the device's, and repeats it from then on; where that cannot be done,
  /// rank 0 tells why.
  void capture_with(std::unique_ptr<DeviceGraph> graph);

  /// Goes to the place in the data and in the schedule that a run has after `step` steps.
  void start_at(std::int64_t step);
  /// One optimizer step; then the parameters' gradients are those of the global batch.
  void step();
  /// The mean loss of the last step.
  double last_loss() const;

  const Network& network() const { return *network_; }
  const Strategy& strategy() const { return *strategy_; }
  const std::vector<ParameterGroup>& groups() const { return groups_; }
  std::int64_t first_step() const { return progress_.step; }
  /// The step after which random layers have drawn as they do now; 0: from the start.
  std::int64_t masks_since() const { return masks_since_; }
  const Length& length() const { return length_; }
  std::int64_t train_samples() const { return train_loader_->samples(); }
  /// Of all splits that are evaluated.
  std::int64_t eval_samples() const;

 private:
  Part batch_from(std::int64_t position) const;
  void next_batch();
  void seed_step();
  Stepped work();
  void compute_gradients();
  void backpropagate();
  void forward_backward(Part part, bool last);
  Batch load(Part part);
  void expect_next_batch();
  bool unscale_and_clip();
  void update_weights();
  GroupedOptimizer::Rate take_rate();
  std::vector<Part> micro_batches_of(Part batch) const;
  double count_of_batch() const;
  Permutation order() const { return order_of(progress_.epoch); }
  Permutation order_of(std::int64_t epoch) const;
  SampleScope sample_scope(std::int64_t first) const;

  std::string reason_against_a_graph() const;
  StepGraph::Step graphed_step();
  void repeat_step();

  std::optional<Finished> after_step();
  Finished paused() const;
  std::optional<Finished> check_losses();
  std::optional<Finished> check_anomalies();
  void record_training();
  void record_gradient_noise();
  GradientNoise::Measured measure_gradient(Part batch);
  /// Empty when the run goes on.
  std::optional<Finished> evaluate_now();
  void measure(EvalSplit& split, protocol::Evaluated& evaluated);
  void note_best();
  bool is_best() const { return best_step_ == progress_.step; }
  Finished finish(Finished finished);
  void tell(const std::optional<Event>& event);

  void save_now();
  void visit_progress(StateVisitor& visitor);
  void visit_length(StateVisitor& visitor);
  void visit_random_scheme(StateVisitor& visitor);

  Moment moment() const;
  At now() const;
  double seconds() const;

  std::uint64_t seed_;
  Train options_;
  Eval eval_;
  Log log_;
  c10::Device device_;
  const Ranks& ranks_;
  Mesh mesh_;
  std::unique_ptr<Precision> precision_;
  SampleType type_;
  std::unique_ptr<Loader> train_loader_;
  std::vector<EvalSplit> eval_splits_;
  std::shared_ptr<Network> network_;
  std::vector<ParameterGroup> groups_;
  std::unique_ptr<Loss> loss_;
  JudgedType judged_;
  MetricList metrics_;
  std::unique_ptr<Strategy> strategy_;
  GroupedOptimizer optimizer_;
  Length length_;
  Json scheduler_;  ///< the component
  std::unique_ptr<Schedule> schedule_;
  LossScale loss_scale_;
  GradientNoise gradient_noise_;
  WeightAverage average_;

  Channel& channel_;
  Heartbeat& heartbeat_;
  const std::atomic<bool>& stop_;
  Telemetry telemetry_;
  RunningLoss running_loss_;
  EarlyStop early_stop_;
  Due log_due_, eval_due_;
  Save save_;
  Due save_due_;
  std::unique_ptr<Saver> saver_;
  std::unique_ptr<Diagnostics> diagnostics_;
  std::unique_ptr<StepGraph> graph_;
  Pace pace_;

  std::optional<std::int64_t> pause_at_;
  Progress progress_;
  double lr_ = 0;             ///< of the last step
  at::Tensor loss_sum_;       ///< of the gradients that were computed last
  at::Tensor gradient_norm_;  ///< of the last step, before clipping; undefined unless it was needed
  std::int64_t position_ = 0;  ///< samples of this epoch seen; all of them after its last step
  Part batch_;                 ///< of the last step, in its epoch
  double batch_count_ = 0;     ///< of the last step: what makes a mean of its summed loss
  std::int64_t last_evaluated_step_ = -1, last_saved_step_ = -1;
  Json measured_ = Json::object();  ///< by the last evaluation
  double best_ = 0;                 ///< of save.keep_best's metric, at best_step_
  std::int64_t best_step_ = -1;
  bool saves_each_best_ = false;
  std::int64_t masks_since_ = 0;
  double seconds_before_ = 0;  ///< of training, until this process began
  double agreed_seconds_ = 0;
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

}  // namespace runner
