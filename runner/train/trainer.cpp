#include "runner/train/trainer.hpp"

#include "registry/layers/sample_scope.hpp"
#include "runner/recipe/run_length.hpp"
#include "runner/train/device.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include <fmt/format.h>

namespace runner {
namespace {

/// The uses of randomness; each has a stream of its own (see derive()).
enum class Stream : std::uint64_t { order, step, samples };

/// Losses wait on the device at most so long, so that a NaN is noticed soon whatever the recipe
/// logs.
constexpr std::size_t most_waiting_losses = 50;

std::int64_t unix_us() {
  using namespace std::chrono;
  return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
}

std::shared_ptr<Network> build_seeded(const Json& config, const DataShape& shape,
                                      c10::Device device, at::ScalarType type, std::uint64_t seed) {
  seed_generators(c10::kCPU, seed);
  auto network = build_model(config.at("model"), shape);
  network->to(device, type);
  return network;
}

}  // namespace

Trainer::Trainer(const Json& config, const Dataset& dataset, c10::Device device, const Ranks& ranks,
                 Channel& channel, Heartbeat& heartbeat, const std::atomic<bool>& stop)
    : seed_(config.at("seed").get<std::uint64_t>()),
      options_(from_json<Train>(config.at("train"))),
      eval_(from_json<Eval>(config.at("eval"))),
      log_(from_json<Log>(config.at("log"))),
      device_(device),
      ranks_(ranks),
      precision_(build_precision(config.at("precision"))),
      train_batches_(dataset.train, dataset.mean, dataset.std, device, precision_->type),
      eval_batches_(dataset.eval, dataset.mean, dataset.std, device, precision_->type),
      network_(build_seeded(config, dataset.shape, device, precision_->type, seed_)),
      loss_(build_loss(config.at("loss"))),
      strategy_(build_strategy(config.at("topology"), *network_, ranks_)),
      optimizer_(build_optimizer(config.at("optimizer"), strategy_->own_parameters())),
      schedule_(build_schedule(config.at("scheduler"), run_length(options_, train_samples()))),
      channel_(channel),
      heartbeat_(heartbeat),
      stop_(stop),
      telemetry_(channel, ranks.rank() == 0) {}

std::int64_t Trainer::steps_per_epoch() const {
  return (train_samples() + options_.batch_size - 1) / options_.batch_size;
}

std::int64_t Trainer::total_steps() const {
  const auto steps = options_.epochs * steps_per_epoch();
  return options_.max_steps ? std::min(steps, *options_.max_steps) : steps;
}

Finished Trainer::train() {
  network_->train();
  while (progress_.step < total_steps()) {
    step();
    if (const auto early = after_step()) return *early;
  }
  if (auto failed = check_losses()) return *failed;
  if (last_evaluated_step_ != progress_.step)
    if (auto failed = evaluate_now()) return *failed;
  telemetry_.flush();
  return {"done", ""};
}

void Trainer::start_at(std::int64_t step) {
  progress_.step = step;
  progress_.epoch = step / steps_per_epoch();
  position_ = step % steps_per_epoch() * options_.batch_size;
  progress_.samples = progress_.epoch * train_samples() + position_;
}

void Trainer::step() {
  if (position_ == train_samples()) position_ = 0;
  batch_ = {position_, std::min(position_ + options_.batch_size, train_samples())};
  const Permutation order(derive(seed_, Stream::order, progress_.epoch), train_samples());
  // Random numbers depend on the step and not on what came before: a resumed run draws the same.
  seed_generators(device_, derive(seed_, Stream::step, progress_.step, ranks_.rank()));

  network_->zero_grad();
  strategy_->begin_step(stop_);
  const auto share = ranks_.share(batch_);
  for (std::int64_t i = 0; i < options_.accumulate; ++i)
    forward_backward(order, part_of(share, i, options_.accumulate), i + 1 == options_.accumulate);
  lr_ = schedule_->lr(optimizer_->base_lr(), progress_);
  optimizer_->step(lr_);
  strategy_->after_update();

  progress_.step += 1;
  progress_.samples += batch_.size();
  position_ = batch_.end;
  if (position_ == train_samples()) ++progress_.epoch;
  running_loss_.add(strategy_->loss_sum(), batch_.size(), progress_.step);
}

void Trainer::forward_backward(const Permutation& order, Part part, bool last) {
  const SampleScope sample_scope(derive(seed_, Stream::samples, progress_.step),
                                 part.begin - batch_.begin);
  const auto micro_batch = train_batches_.gather(order, part.begin, part.end);
  at::Tensor loss_sum;
  {
    const Autocast autocast(*precision_, device_.type());
    loss_sum = loss_->sum(network_->forward(micro_batch.inputs), micro_batch.targets);
  }
  strategy_->backward(loss_sum, batch_.size(), last);
  ranks_.beat();
}

double Trainer::last_loss() const {
  return strategy_->loss_sum().item<double>() / static_cast<double>(batch_.size());
}

std::optional<Finished> Trainer::after_step() {
  heartbeat_.samples.store(progress_.samples, std::memory_order_relaxed);
  heartbeat_.step.store(progress_.step, std::memory_order_relaxed);
  if (progress_.step == 1) heartbeat_.first_step_at = unix_us();

  const bool log_now = due(log_.every) || position_ == train_samples();
  const bool evaluate = eval_.every && due(*eval_.every);
  const bool look = log_now || evaluate || running_loss_.waiting() >= most_waiting_losses;
  // On a GPU, asking the other ranks' wishes waits for all the work before.
  const bool stop = (look || device_.is_cpu()) && strategy_->stop_agreed();
  if (look || stop)
    if (auto failed = check_losses()) return failed;
  if (log_now) record_training();
  if (evaluate)
    if (auto failed = evaluate_now()) return failed;
  if (stop) return Finished{"interrupted", fmt::format("stopped at step {}", progress_.step)};
  return std::nullopt;
}

std::optional<Finished> Trainer::check_losses() {
  const auto not_finite = running_loss_.collect();
  if (!not_finite) return std::nullopt;
  return Finished{"failed",
                  fmt::format("loss is {} at step {}", not_finite->value, not_finite->step)};
}

void Trainer::record_training() {
  const double loss = running_loss_.take_mean();
  heartbeat_.loss = loss;
  heartbeat_.lr = lr_;
  telemetry_.record("train/loss", now(), loss);
  telemetry_.record("train/lr", now(), lr_);
  schedule_->measured("train/loss", loss);
}

std::optional<Finished> Trainer::evaluate_now() {
  strategy_->agree_on_buffers();
  const auto result =
      evaluate(*network_, *loss_, *precision_, eval_batches_, eval_.batch_size, ranks_);
  last_evaluated_step_ = progress_.step;
  telemetry_.record("eval/loss", now(), result.loss);
  telemetry_.record("eval/accuracy", now(), result.accuracy());
  schedule_->measured("eval/loss", result.loss);
  schedule_->measured("eval/accuracy", result.accuracy());
  telemetry_.flush();
  if (ranks_.rank() == 0)
    channel_.send({{"event", "evaluated"},
                   {"step", progress_.step},
                   {"epoch", now().epoch},
                   {"loss", result.loss},
                   {"correct", result.correct},
                   {"count", result.count}});
  if (std::isfinite(result.loss)) return std::nullopt;
  return Finished{"failed",
                  fmt::format("eval/loss is {} at step {}",
                              std::isnan(result.loss) ? "NaN" : "infinite", progress_.step)};
}

bool Trainer::due(const Interval& interval) const {
  switch (interval.unit) {
    case Unit::steps:
      return progress_.step % interval.count == 0;
    case Unit::samples:
      return progress_.samples / interval.count >
             (progress_.samples - batch_.size()) / interval.count;
    case Unit::epochs:
      return position_ == train_samples() && progress_.epoch % interval.count == 0;
  }
  return false;
}

At Trainer::now() const {
  return {progress_.step,
          static_cast<double>(progress_.samples) / static_cast<double>(train_samples())};
}

}  // namespace runner
