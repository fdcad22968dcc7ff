#include "runner/train/trainer.hpp"

#include "registry/datasets/mapped_file.hpp"
#include "registry/graph/step_inputs.hpp"
#include "runner/recipe/run_length.hpp"
#include "runner/train/device.hpp"
#include "runner/train/gradients.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

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

std::vector<ParameterGroup> group_and_freeze(const Json& config, Network& network) {
  auto groups = group_parameters(config.at("optimizer"), network);
  freeze(groups, network);
  return groups;
}

std::vector<std::unique_ptr<Metric>> build_metrics(const Eval& eval, const MetricShape& shape) {
  std::vector<std::unique_ptr<Metric>> metrics;
  for (const auto& component : eval.metrics.list) metrics.push_back(build_metric(component, shape));
  return metrics;
}

std::vector<at::Tensor> gradients_of(const std::vector<Parameter>& parameters) {
  std::vector<at::Tensor> gradients;
  for (const auto& parameter : parameters)
    if (const auto& gradient = parameter.tensor.grad(); gradient.defined())
      gradients.push_back(gradient);
  return gradients;
}

using Rows = std::vector<std::vector<std::int64_t>>;

/// By "eval/NAME".
ByName<Rows> rows_of(const Metric::Matrices& matrices) {
  ByName<Rows> out;
  for (const auto& [name, counts] : matrices) {
    auto& rows = out["eval/" + name];
    for (const auto& row : counts.unbind())
      rows.emplace_back(row.const_data_ptr<std::int64_t>(),
                        row.const_data_ptr<std::int64_t>() + row.numel());
  }
  return out;
}

Finished of_no_number(std::string reason) {
  return {Ending::failed, "", NotFinite{std::move(reason)}};
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
      groups_(group_and_freeze(config, *network_)),
      loss_(build_loss(config.at("loss"), dataset.shape)),
      metrics_(build_metrics(eval_, {dataset.shape.outputs(), train_batches_.options()})),
      strategy_(build_strategy(config.at("topology"), *network_, ranks_)),
      optimizer_(groups_, strategy_->own_parameters()),
      length_(run_length(options_, train_samples())),
      scheduler_(config.at("scheduler")),
      schedule_(build_schedule(scheduler_, length_)),
      loss_scale_(precision_->scales_loss),
      average_(options_.ema_decay, *network_),
      channel_(channel),
      heartbeat_(heartbeat),
      stop_(stop),
      telemetry_(channel, ranks.rank() == 0),
      early_stop_(from_json<EarlyStopping>(config.at("early_stopping"))),
      log_due_(log_.every),
      eval_due_(eval_.every),
      save_(from_json<Save>(config.at("save"))),
      save_due_(save_.every),
      pace_(device) {
  allow_tf32(precision_->tf32);
}

Finished Trainer::train() {
  network_->train();
  began_ = std::chrono::steady_clock::now();
  while (progress_.step < length_.last_step) {
    if (pause_at_ && progress_.step >= *pause_at_) return finish(paused());
    if (diagnostics_) tell(diagnostics_->between_steps(progress_.step));
    step();
    if (const auto ended = after_step()) return finish(*ended);
  }
  return finish({Ending::done});
}

/// What is still to be done when training has ended for whatever reason.
Finished Trainer::finish(Finished finished) {
  if (finished.ending == Ending::done || pause_at_ == progress_.step) {
    if (auto failed = check_losses()) return *failed;
    if (last_evaluated_step_ != progress_.step)
      if (auto failed = evaluate_now(); failed && failed->ending == Ending::failed) return *failed;
  }
  const bool only_the_best = saves_each_best_ && !save_.every && pause_at_ != progress_.step;
  if (finished.ending != Ending::failed && (!only_the_best || is_best())) save_now();
  if (diagnostics_) tell(diagnostics_->finish(progress_.step));
  pace_.record(telemetry_, now(), true);
  telemetry_.flush();
  if (saver_) saver_->finish();
  tell(protocol::Trained{pace_.data_wait(), pace_.data_seconds()});
  return finished;
}

/// Of all ranks, one speaks.
void Trainer::tell(const std::optional<Event>& event) {
  if (event && ranks_.rank() == 0) channel_.send(*event);
}

void Trainer::start_at(std::int64_t step) {
  progress_ = length_.after_step(step);
  position_ = progress_.samples - progress_.epoch * train_samples();
}

void Trainer::step() {
  next_batch();
  const auto stopwatch = pace_.time_step(batch_.size());
  seed_step();
  const bool repeats = graph_ && batch_.size() == options_.batch_size;
  const auto scope = sample_scope(0);
  const auto stepped = repeats ? graph_->run() : work();
  loss_sum_ = stepped.loss_sum;
  gradient_norm_ = stepped.gradient_norm;

  progress_.step += 1;
  progress_.samples += batch_.size();
  position_ = batch_.end;
  if (position_ == train_samples()) ++progress_.epoch;
  running_loss_.add(stepped.loss_sum, batch_weight_, progress_.step);
  if (diagnostics_)
    diagnostics_->note_step(progress_.step,
                            [&] { return stepped.loss_sum.item<double>() / batch_weight_; });
}

void Trainer::next_batch() {
  if (position_ == train_samples()) position_ = 0;
  batch_ = {position_, std::min(position_ + options_.batch_size, train_samples())};
}

/// Random numbers depend on the step and not on what came before: a resumed run draws the same.
void Trainer::seed_step() {
  seed_generators(device_, derive(seed_, Stream::step, progress_.step, ranks_.rank()));
}

/// All that a step asks of the device.
Stepped Trainer::work() {
  backpropagate();
  const auto loss_sum = loss_sum_;  // an optimizer may evaluate others on its way
  update_weights();
  return {loss_sum, gradient_norm_};
}

void Trainer::compute_gradients() {
  seed_step();
  backpropagate();
}

void Trainer::backpropagate() {
  batch_weight_ = weight_of_batch();
  network_->zero_grad();
  strategy_->begin_step({stop_, seconds()});
  const auto share = ranks_.share(batch_);
  const auto parts = micro_batches();
  for (std::int64_t i = 0; i < parts; ++i)
    forward_backward(part_of(share, i, parts), i + 1 == parts);
  loss_sum_ = strategy_->loss_sum();
}

Permutation Trainer::order() const {
  return {derive(seed_, Stream::order, progress_.epoch), train_samples()};
}

SampleScope Trainer::sample_scope(std::int64_t first) const {
  return {derive(seed_, Stream::samples, progress_.step), first};
}

/// Every rank has the targets of the whole batch, so all find the same. A batch of which no sample
/// has any weight changes nothing: its sum is 0.
double Trainer::weight_of_batch() const {
  if (!loss_->has_weights()) return static_cast<double>(batch_.size());
  auto samples = at::empty({batch_.size()}, at::kLong);
  write_samples(order(), batch_.begin, samples);
  const double weight = loss_->weight(train_batches_.targets(samples));
  return weight > 0 ? weight : 1;
}

/// As many on every rank, since those with batch norm meet in each; none is empty on all.
std::int64_t Trainer::micro_batches() const {
  const auto largest_share = (batch_.size() + ranks_.size() - 1) / ranks_.size();
  if (!options_.micro_batch_size) return std::min(options_.accumulate, largest_share);
  return (largest_share + *options_.micro_batch_size - 1) / *options_.micro_batch_size;
}

void Trainer::forward_backward(Part part, bool last) {
  const auto first = part.begin - batch_.begin;
  const auto scope = sample_scope(first);
  const auto micro_batch = [&] {
    const auto stopwatch = pace_.time_data();
    return train_batches_.gather(
        step_input({part.size()}, at::kLong, device_, [this, first](at::Tensor& samples) {
          write_samples(order(), batch_.begin + first, samples);
        }));
  }();
  at::Tensor loss_sum;
  {
    const Autocast autocast(*precision_, device_.type());
    loss_sum = loss_->sum(network_->forward(micro_batch.inputs), micro_batch.targets);
  }
  strategy_->backward(loss_sum, batch_weight_ / loss_scale_.factor(), last);
  ranks_.beat();
}

/// False when they are not finite, and the step is to be skipped.
bool Trainer::unscale_and_clip() {
  if (diagnostics_) diagnostics_->note_gradients();
  if (!loss_scale_.enabled() && !options_.clip_norm && !options_.clip_value) return true;
  auto gradients = gradients_of(strategy_->parameters());
  if (!loss_scale_.unscale(gradients)) return false;
  if (options_.clip_norm) {
    gradient_norm_ = norm(gradients);
    clip_by_norm(gradients, gradient_norm_, *options_.clip_norm);
  }
  if (options_.clip_value) clip_by_value(gradients, *options_.clip_value);
  return true;
}

void Trainer::update_weights() {
  if (!unscale_and_clip()) return;
  bool computed = true;
  optimizer_.step(take_rate(), [&] {
    if (!std::exchange(computed, false)) {
      compute_gradients();
      unscale_and_clip();
    }
    return last_loss();
  });
  strategy_->after_update();
  average_.update(progress_.step + 1);
}

/// Of the coming step.
GroupedOptimizer::Rate Trainer::take_rate() {
  const auto rate = [this](double base) { return schedule_->lr(base, progress_); };
  lr_ = rate(optimizer_.base_lr());
  return rate;
}

double Trainer::last_loss() const { return loss_sum_.item<double>() / batch_weight_; }

std::optional<Finished> Trainer::after_step() {
  heartbeat_.samples.store(progress_.samples, std::memory_order_relaxed);
  heartbeat_.step.store(progress_.step, std::memory_order_relaxed);
  if (heartbeat_.first_step_at == 0) heartbeat_.first_step_at = unix_us();

  // On a GPU, asking what the ranks have agreed on waits for all the work before.
  Wishes agreed;
  const bool ends_epoch = position_ == train_samples();
  if (device_.is_cpu() || ends_epoch || running_loss_.waiting() >= most_waiting_losses ||
      progress_.step % static_cast<std::int64_t>(most_waiting_losses) == 0) {
    agreed = strategy_->agreed();
    agreed_seconds_ = agreed.seconds;
  }
  if (auto failed = check_anomalies()) return failed;
  const auto here = moment();
  const bool log_now = log_due_(here) || ends_epoch, evaluate = eval_due_(here);
  const bool save = save_due_(here);
  if (log_now || evaluate || save || agreed.stop || running_loss_.waiting() >= most_waiting_losses)
    if (auto failed = check_losses()) return failed;
  if (log_now) record_training();
  if (evaluate)
    if (auto ended = evaluate_now()) return ended;
  if (pause_at_ == progress_.step && progress_.step < length_.last_step) return paused();
  if (agreed.stop)
    return Finished{Ending::interrupted, fmt::format("stopped at step {}", progress_.step)};
  if (options_.max_time && agreed_seconds_ >= options_.max_time->seconds())
    return Finished{Ending::done, fmt::format("train.max_time is over at step {}", progress_.step)};
  // The end saves, too, after a last evaluation, which then belongs to the checkpoint.
  const bool save_best = saves_each_best_ && is_best();
  if ((save || save_best) && progress_.step < length_.last_step) save_now();
  return std::nullopt;
}

Finished Trainer::paused() const {
  return {Ending::paused, fmt::format("paused at step {}", progress_.step)};
}

std::optional<Finished> Trainer::check_losses() {
  check_mapped_files();
  const auto not_finite = running_loss_.collect();
  if (!not_finite) return std::nullopt;
  return of_no_number(fmt::format("loss is {} at step {}{}", not_finite->value, not_finite->step,
                                  diagnostics_ ? diagnostics_->explanation() : ""));
}

/// Scaled gradients may be too large: the loss scale sees to that.
std::optional<Finished> Trainer::check_anomalies() {
  if (!diagnostics_ || loss_scale_.enabled() || !diagnostics_->found_nan()) return std::nullopt;
  return of_no_number(fmt::format("NaN at step {}{}", progress_.step, diagnostics_->explanation()));
}

void Trainer::record_training() {
  const double loss = running_loss_.take_mean();
  heartbeat_.loss = loss;
  heartbeat_.lr = lr_;
  pace_.record(telemetry_, now());
  telemetry_.record("train/loss", now(), loss);
  telemetry_.record("train/lr", now(), lr_);
  schedule_->measured("train/loss", loss);
  if (gradient_norm_.defined())
    telemetry_.record("train/grad_norm", now(), gradient_norm_.item<double>());
  if (loss_scale_.enabled()) {
    telemetry_.record("train/loss_scale", now(), loss_scale_.factor());
    telemetry_.record("train/skipped_steps", now(), static_cast<double>(loss_scale_.skipped()));
  }
  if (options_.gradient_noise) record_gradient_noise();
}

/// Of the last batch and of its first half. What a forward pass leaves in buffers is taken back.
void Trainer::record_gradient_noise() {
  const auto last = batch_;
  if (last.size() < 2) return;
  auto buffers = network_->buffers();
  std::vector<at::Tensor> before;
  for (const auto& buffer : buffers) before.push_back(buffer.clone());
  const auto half = measure_gradient({last.begin, last.begin + last.size() / 2});
  const auto whole = measure_gradient(last);
  for (std::size_t i = 0; i < before.size(); ++i) buffers[i].copy_(before[i]);
  gradient_noise_.add(whole, half);
  telemetry_.record("train/gradient_noise_scale", now(), gradient_noise_.scale());
}

GradientNoise::Measured Trainer::measure_gradient(Part batch) {
  batch_ = batch;
  compute_gradients();
  const auto scaled = norm(gradients_of(strategy_->parameters())).item<double>();
  return {static_cast<double>(batch.size()), scaled / loss_scale_.factor()};
}

std::optional<Finished> Trainer::evaluate_now() {
  strategy_->agree_on_buffers();
  const AveragedWeights averaged(average_);
  const auto result =
      evaluate(*network_, *loss_, *precision_, eval_batches_, eval_.batch_size, ranks_, metrics_);
  check_mapped_files();
  last_evaluated_step_ = progress_.step;
  ByName<double> metrics{{"eval/loss", result.loss}};
  if (result.correct) metrics["eval/accuracy"] = result.accuracy();
  for (const auto& [name, value] : result.more) metrics["eval/" + name] = value;
  for (const auto& [metric, value] : metrics) {
    telemetry_.record(metric, now(), value);
    schedule_->measured(metric, value);
  }
  measured_ = Wire<ByName<double>>::write(metrics);
  note_best();
  telemetry_.flush();
  tell(protocol::Evaluated{progress_.step, now().epoch, result.loss, result.correct,
                           std::move(metrics), rows_of(result.matrices), result.count});
  if (!std::isfinite(result.loss))
    return of_no_number(fmt::format("eval/loss is {} at step {}",
                                    std::isnan(result.loss) ? "NaN" : "infinite", progress_.step));
  if (const auto reason = early_stop_.measured(measured_))
    return Finished{Ending::done,
                    fmt::format("stopped early at step {}: {}", progress_.step, *reason)};
  return std::nullopt;
}

void Trainer::note_best() {
  const auto found = measured_.find(save_.keep_best.metric);
  if (found == measured_.end()) return;
  const auto value = found->get<double>();
  const auto before = best_step_ < 0 ? std::numeric_limits<double>::quiet_NaN() : best_;
  if (!is_better(save_.keep_best.goal(), value, before)) return;
  best_ = value;
  best_step_ = progress_.step;
}

double Trainer::seconds() const {
  const std::chrono::duration<double> here = std::chrono::steady_clock::now() - began_;
  return seconds_before_ + here.count();
}

Moment Trainer::moment() const {
  return {progress_.step,
          progress_.samples,
          batch_.size(),
          progress_.epoch,
          position_ == train_samples(),
          agreed_seconds_};
}

At Trainer::now() const {
  return {progress_.step,
          static_cast<double>(progress_.samples) / static_cast<double>(train_samples())};
}

}  // namespace runner
