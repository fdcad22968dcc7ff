#include "registry/datasets/mapped_file.hpp"
#include "registry/layers/random_layer.hpp"
#include "runner/checkpoint/snapshot.hpp"
#include "runner/recipe/run_length.hpp"
#include "runner/train/trainer.hpp"
#include "runner/train/weights_reader.hpp"

#include <fmt/format.h>

namespace runner {

// What a trainer begins with, saves, and goes on from.

void Trainer::begin_with(const std::filesystem::path& weights, const InitFrom& options) {
  WeightsReader reader(weights, options);
  strategy_->visit_weights(reader);
  reader.refuse_leftovers();
  average_.restart();
}

void Trainer::save_into(const std::filesystem::path& folder) {
  if (ranks_.rank() != 0 && !strategy_->is_sharded()) return;
  saver_ = std::make_unique<Saver>(folder, ranks_, strategy_->is_sharded(),
                                   [this](const Event& event) { channel_.send(event); });
}

void Trainer::save_now() {
  if (last_saved_step_ == progress_.step) return;
  check_mapped_files();  // no weights are kept that other data have made
  last_saved_step_ = progress_.step;
  strategy_->agree_on_buffers();
  if (!saver_) return;
  telemetry_.flush();  // the metrics before it come before it
  Snapshot snapshot{progress_.step, now().epoch, {}, {}};
  if (last_evaluated_step_ == progress_.step) snapshot.measured = measured_;
  const auto collect = [&](const std::string& name, bool keeps, const auto& visit) {
    Collector collector(name, keeps);
    visit(collector);
    if (keeps) snapshot.files.push_back(collector.take());
  };
  const bool first = ranks_.rank() == 0;
  collect("model", first, [&](StateVisitor& visitor) { strategy_->visit_weights(visitor); });
  if (average_.exists())
    collect("ema", first, [&](StateVisitor& visitor) {  // a whole model, for export
      average_.visit_state(visitor, *strategy_);
      for (auto& buffer : network_->named_buffers()) visitor.tensor(buffer.key(), buffer.value());
    });
  collect("training", first, [&](StateVisitor& visitor) { visit_progress(visitor); });
  const auto part = strategy_->is_sharded()
                        ? fmt::format("-{:05}-of-{:05}", ranks_.rank() + 1, ranks_.size())
                        : "";
  collect("optimizer" + part, true,
          [&](StateVisitor& visitor) { optimizer_.visit_state(visitor); });
  saver_->save(std::move(snapshot));
}

void Trainer::restore(const std::filesystem::path& checkpoint) {
  if (!ranks_.alone()) {
    // The first step teaches c10d's Reducer the order of its buckets, in which numbers are added
    // up.
    network_->train();
    next_batch();
    compute_gradients();
  }
  Restorer model(checkpoint, "model"), ema(checkpoint, "ema"), optimizer(checkpoint, "optimizer"),
      training(checkpoint, "training");
  strategy_->visit_weights(model);
  average_.visit_state(ema, *strategy_);
  optimizer_.visit_state(optimizer);
  visit_progress(training);
  for (const auto* restored : {&model, &ema, &optimizer, &training}) restored->check();
  last_saved_step_ = progress_.step;
  seconds_before_ = agreed_seconds_;
  heartbeat_.step = progress_.step;
  heartbeat_.samples = progress_.samples;
}

void Trainer::diagnose_into(const std::filesystem::path& folder, const Json& config) {
  diagnostics_ = std::make_unique<Diagnostics>(config, folder, *strategy_, ranks_.rank(), device_,
                                               progress_.step);
}

/// A run that goes on with another batch size is counted anew from here.
void Trainer::visit_length(StateVisitor& visitor) {
  auto batch_size = options_.batch_size;
  auto origin = length_.origin;
  if (visitor.has("batch_size")) {
    visitor.value("batch_size", batch_size);
    visitor.value("origin.step", origin.step);
    visitor.value("origin.epoch", origin.epoch);
    visitor.value("origin.samples", origin.samples);
    if (batch_size != options_.batch_size) origin = progress_;
  } else if (length_.after_step(progress_.step) != progress_) {
    origin = progress_;
  }
  if (origin == length_.origin) return;
  length_ = run_length(options_, train_samples(), origin);
  schedule_ = build_schedule(scheduler_, length_);
}

/// Absent in checkpoints of the first scheme.
void Trainer::visit_random_scheme(StateVisitor& visitor) {
  int scheme = 1;
  if (visitor.has("random_scheme")) {
    scheme = random_scheme;
    visitor.value("random_scheme", scheme);
    visitor.value("masks_since", masks_since_);
  }
  if (scheme != random_scheme && has_random_layers(*network_)) masks_since_ = progress_.step;
}

void Trainer::visit_progress(StateVisitor& visitor) {
  visitor.value("step", progress_.step);
  visitor.value("epoch", progress_.epoch);
  visitor.value("samples", progress_.samples);
  visitor.value("position", position_);
  visitor.value("seconds", agreed_seconds_);
  visit_length(visitor);
  visit_random_scheme(visitor);
  visitor.value("last_evaluated_step", last_evaluated_step_);
  visitor.value("measured", measured_);
  if (visitor.has("best_step")) {
    visitor.value("best", best_);
    visitor.value("best_step", best_step_);
  }
  auto schedule = schedule_->state();
  visitor.value("schedule", schedule);
  schedule_->restore(schedule);
  running_loss_.visit_state(visitor);
  loss_scale_.visit_state(visitor);
  gradient_noise_.visit_state(visitor);
  early_stop_.visit_state(visitor);
  log_due_.visit_state("log_due", visitor);
  eval_due_.visit_state("eval_due", visitor);
  save_due_.visit_state("save_due", visitor);
}

}  // namespace runner
