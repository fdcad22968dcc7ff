#include "runner/train/trainer.hpp"

#include "runner/train/device.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include <fmt/format.h>

namespace runner {
namespace {

/// The uses of randomness; each has a stream of its own (see derive()).
enum class Stream : std::uint64_t { order, step };

/// Losses wait on the device at most so long, so that a NaN is noticed soon whatever the recipe
/// logs.
constexpr std::size_t most_waiting_losses = 50;

std::int64_t unix_us() {
  using namespace std::chrono;
  return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
}

std::shared_ptr<Network> build_seeded(const Json& config, const DataShape& shape,
                                      c10::Device device, std::uint64_t seed) {
  seed_generators(c10::kCPU, seed);
  auto network = build_model(config.at("model"), shape);
  network->to(device);
  return network;
}

}  // namespace

Trainer::Trainer(const Json& config, const Dataset& dataset, c10::Device device, Channel& channel,
                 Heartbeat& heartbeat, const std::atomic<bool>& stop)
    : seed_(config.at("seed").get<std::uint64_t>()),
      options_(from_json<Train>(config.at("train"))),
      eval_(from_json<Eval>(config.at("eval"))),
      log_(from_json<Log>(config.at("log"))),
      device_(device),
      train_batches_(dataset.train, dataset.mean, dataset.std, device),
      eval_batches_(dataset.eval, dataset.mean, dataset.std, device),
      network_(build_seeded(config, dataset.shape, device, seed_)),
      loss_(build_loss(config.at("loss"))),
      optimizer_(build_optimizer(config.at("optimizer"), network_->parameters())),
      precision_(build_precision(config.at("precision"))),
      schedule_(build_schedule(config.at("scheduler"))),
      channel_(channel),
      heartbeat_(heartbeat),
      stop_(stop),
      telemetry_(channel) {}

std::int64_t Trainer::steps_per_epoch() const {
  return (train_samples() + options_.batch_size - 1) / options_.batch_size;
}

std::int64_t Trainer::total_steps() const {
  const auto steps = options_.epochs * steps_per_epoch();
  return options_.max_steps ? std::min(steps, *options_.max_steps) : steps;
}

Finished Trainer::train() {
  network_->train();
  while (progress_.step < total_steps())
    if (const auto early = train_epoch()) return *early;
  if (auto failed = check_losses()) return *failed;
  if (last_evaluated_step_ != progress_.step)
    if (auto failed = evaluate_now()) return *failed;
  telemetry_.flush();
  return {"done", ""};
}

std::optional<Finished> Trainer::train_epoch() {
  const Permutation order(derive(seed_, Stream::order, progress_.epoch), train_samples());
  while (position_ < train_samples() && progress_.step < total_steps()) {
    const auto end = std::min(position_ + options_.batch_size, train_samples());
    step(train_batches_.gather(order, position_, end));
    position_ = end;
    if (position_ == train_samples()) ++progress_.epoch;
    if (auto early = after_step()) return early;
  }
  position_ = 0;
  return std::nullopt;
}

void Trainer::step(const Batch& batch) {
  // Dropout's random numbers depend on the step alone: a resumed run draws the same.
  seed_generators(device_, derive(seed_, Stream::step, progress_.step));
  optimizer_->zero_grad();
  at::Tensor loss_sum;
  {
    const Autocast autocast(*precision_, device_.type());
    loss_sum = loss_->sum(network_->forward(batch.inputs), batch.targets);
  }
  (loss_sum / batch.size()).backward();
  lr_ = optimizer_->base_lr() * schedule_(progress_);
  optimizer_->step(lr_);

  samples_before_step_ = progress_.samples;
  progress_.step += 1;
  progress_.samples += batch.size();
  running_loss_.add(loss_sum, batch.size(), progress_.step);
}

std::optional<Finished> Trainer::after_step() {
  heartbeat_.samples.store(progress_.samples, std::memory_order_relaxed);
  heartbeat_.step.store(progress_.step, std::memory_order_relaxed);
  if (progress_.step == 1) heartbeat_.first_step_at = unix_us();

  const bool log_now = due(log_.every) || position_ == train_samples();
  const bool evaluate = eval_.every && due(*eval_.every);
  if (log_now || evaluate || stop_ || running_loss_.waiting() >= most_waiting_losses)
    if (auto failed = check_losses()) return failed;
  if (log_now) record_training();
  if (evaluate)
    if (auto failed = evaluate_now()) return failed;
  if (stop_) return Finished{"interrupted", fmt::format("stopped at step {}", progress_.step)};
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
}

std::optional<Finished> Trainer::evaluate_now() {
  const auto result = evaluate(*network_, *loss_, *precision_, eval_batches_, eval_.batch_size);
  last_evaluated_step_ = progress_.step;
  telemetry_.record("eval/loss", now(), result.loss);
  telemetry_.record("eval/accuracy", now(), result.accuracy());
  telemetry_.flush();
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
      return progress_.samples / interval.count > samples_before_step_ / interval.count;
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
