#include "runner/train/trainer.hpp"

namespace runner {

// How a trainer's step becomes a graph of the device.

void Trainer::capture_with(std::unique_ptr<DeviceGraph> graph) {
  if (const auto reason = reason_against_a_graph(); !reason.empty())
    return tell(protocol::NoGraph{reason});
  graph_ = std::make_unique<StepGraph>(std::move(graph), device_, graphed_step());
}

/// Empty when there is none.
std::string Trainer::reason_against_a_graph() const {
  if (!ranks_.alone()) return "the ranks of a run meet in each step";
  if (!optimizer_.can_be_captured()) return "the optimizer looks at numbers on its way";
  if (loss_scale_.enabled()) return "the loss scale of half precision looks at the gradients";
  if (precision_->type != at::kFloat && precision_->type != at::kDouble)
    return "learning rates would have few digits in weights of half precision";
  if (!loss_->count_of_row()) return "batches differ in how many targets count";
  if (train_loader_->reads_ahead()) return "the samples are read ahead by threads";
  if (diagnostics_ && diagnostics_->looks_into_steps())
    return "detect_anomaly and the ledger look into each step";
  return "";
}

StepGraph::Step Trainer::graphed_step() {
  StepGraph::Step step;
  step.work = [this] { return work(); };
  step.seed = [this] { seed_step(); };
  step.repeat = [this] { repeat_step(); };
  step.visit = [this](StateVisitor& visitor) {
    strategy_->visit_weights(visitor);
    optimizer_.visit_state(visitor);
    average_.visit_state(visitor, *strategy_);
  };
  step.tell_of_failure = [this](const std::string& reason) { tell(protocol::NoGraph{reason}); };
  return step;
}

void Trainer::repeat_step() {
  optimizer_.repeat(take_rate());
  strategy_->begin_step({stop_, seconds()});
  batch_count_ = count_of_batch();
}

}  // namespace runner
