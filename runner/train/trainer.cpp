#include "runner/train/trainer.hpp"

#include "registry/datasets/mapped_file.hpp"
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

/// The numbers of the samples that stand at `begin` of an order and after it.
void write_samples(const Permutation& order, std::int64_t begin, at::Tensor& samples) {
  auto* const numbers = samples.data_ptr<std::int64_t>();
  for (std::int64_t i = 0; i < samples.numel(); ++i) numbers[i] = order[begin + i];
}

std::int64_t unix_us() {
  using namespace std::chrono;
  return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
}

std::shared_ptr<Network> build_seeded(const Json& config, const SampleType& type_of_samples,
                                      c10::Device device, at::ScalarType type, std::uint64_t seed) {
  seed_generators(c10::kCPU, seed);
  auto network = build_model(config.at("model"), type_of_samples);
  network->to(device, type);
  return network;
}

std::vector<ParameterGroup> group_and_freeze(const Json& config, Network& network) {
  auto groups = group_parameters(config.at("optimizer"), network);
  freeze(groups, network);
  return groups;
}

/// Of classes, the accuracy is always measured.
MetricList build_metrics(const Eval& eval, const JudgedType& judged, c10::Device device) {
  auto components = eval.metrics.list;
  const Json accuracy{{"name", "accuracy"}};
  if (judged.target.meaning == Meaning::classes &&
      std::ranges::find(components, accuracy) == components.end())
    components.insert(components.begin(), accuracy);
  const MetricShape shape{judged.outputs, at::TensorOptions().device(device)};
  MetricList metrics;
  for (const auto& component : components) metrics.push_back(build_metric(component, shape));
  return metrics;
}

JudgedType judged_with(const Loss& loss, JudgedType judged) {
  judged.ignored = loss.ignored().value_or(ignored_class);
  return judged;
}

using Rows = std::vector<std::vector<std::int64_t>>;

Rows rows_of(const at::Tensor& counts) {
  Rows rows;
  for (const auto& row : counts.unbind())
    rows.emplace_back(row.const_data_ptr<std::int64_t>(),
                      row.const_data_ptr<std::int64_t>() + row.numel());
  return rows;
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
      mesh_(ranks),
      precision_(build_precision(config.at("precision"))),
      type_(dataset.type),
      train_loader_(make_loader(dataset, dataset.splits.front(), {device, precision_->type})),
      network_(build_seeded(config, type_, device, precision_->type, seed_)),
      groups_(group_and_freeze(config, *network_)),
      loss_(build_loss(config.at("loss"), judged_type(config.at("model"), type_))),
      judged_(judged_with(*loss_, judged_type(config.at("model"), type_))),
      metrics_(build_metrics(eval_, judged_, device)),
      strategy_(build_strategy(config.at("topology"), *network_, mesh_)),
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
  for (std::size_t i = 1; i < dataset.splits.size(); ++i)
    eval_splits_.push_back({dataset.splits[i].name,
                            make_loader(dataset, dataset.splits[i], {device, precision_->type})});
}

std::int64_t Trainer::eval_samples() const {
  std::int64_t samples = 0;
  for (const auto& split : eval_splits_) samples += split.loader->samples();
  return samples;
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
  expect_next_batch();
  running_loss_.add(stepped.loss_sum, batch_count_, progress_.step);
  if (diagnostics_)
    diagnostics_->note_step(progress_.step,
                            [&] { return stepped.loss_sum.item<double>() / batch_count_; });
}

/// Behind the end of an epoch, the first of the next.
Part Trainer::batch_from(std::int64_t position) const {
  if (position == train_samples()) position = 0;
  return {position, std::min(position + options_.batch_size, train_samples())};
}

void Trainer::next_batch() { batch_ = batch_from(position_); }

/// Has this rank's samples of the coming step read while others are at work.
void Trainer::expect_next_batch() {
  if (!train_loader_->reads_ahead()) return;
  for (const auto& part : micro_batches_of(batch_from(position_))) {
    auto samples = at::empty({part.size()}, at::kLong);
    write_samples(order(), part.begin, samples);
    train_loader_->expect(samples);
  }
}

/// Random numbers depend on the step and not on what came before: a resumed run draws the same.
void Trainer::seed_step() {
  seed_generators(device_, derive(seed_, Stream::step, progress_.step, mesh_.data().rank()));
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
  batch_count_ = count_of_batch();
  network_->zero_grad();
  strategy_->begin_step({stop_, seconds()});
  const auto parts = micro_batches_of(batch_);
  for (const auto& part : parts) forward_backward(part, &part == &parts.back());
  loss_sum_ = strategy_->loss_sum();
}

Permutation Trainer::order_of(std::int64_t epoch) const {
  return {derive(seed_, Stream::order, epoch), train_samples()};
}

SampleScope Trainer::sample_scope(std::int64_t first) const {
  return {derive(seed_, Stream::samples, progress_.step), first};
}

/// Every rank reads the targets of the whole batch, so all find the same. A batch of which nothing
/// counts changes nothing: its sum is 0.
double Trainer::count_of_batch() const {
  if (const auto each = loss_->count_of_row()) return *each * static_cast<double>(batch_.size());
  auto samples = at::empty({batch_.size()}, at::kLong);
  write_samples(order(), batch_.begin, samples);
  const double count = loss_->count(train_loader_->targets(samples)).item<double>();
  return count > 0 ? count : 1;
}

/// This rank's parts of a batch. There are as many on every rank, since those with batch norm meet
/// in each; none is empty on all.
std::vector<Part> Trainer::micro_batches_of(Part batch) const {
  const auto largest_share = (batch.size() + mesh_.data().size() - 1) / mesh_.data().size();
  const auto count = options_.micro_batch_size ? (largest_share + *options_.micro_batch_size - 1) /
                                                     *options_.micro_batch_size
                                               : std::min(options_.accumulate, largest_share);
  std::vector<Part> parts;
  for (std::int64_t i = 0; i < count; ++i)
    parts.push_back(part_of(mesh_.data().share(batch), i, count));
  return parts;
}

void Trainer::forward_backward(Part part, bool last) {
  const auto first = part.begin - batch_.begin;
  const auto scope = sample_scope(first);
  const auto micro_batch = load(part);
  at::Tensor loss_sum;
  {
    const Autocast autocast(*precision_, device_.type());
    loss_sum = loss_->sum(strategy_->forward(micro_batch), micro_batch);
  }
  strategy_->backward(loss_sum, batch_count_ / loss_scale_.factor(), last);
  ranks_.beat();
}

Batch Trainer::load(Part part) {
  const auto stopwatch = pace_.time_data();
  const auto first = part.begin - batch_.begin;
  return train_loader_->take(part.size(), [this, first](at::Tensor& samples) {
    write_samples(order(), batch_.begin + first, samples);
  });
}

/// False when they are not finite, and the step is to be skipped.
bool Trainer::unscale_and_clip() {
  if (diagnostics_) diagnostics_->note_gradients();
  if (!loss_scale_.enabled() && !options_.clip_norm && !options_.clip_value) return true;
  auto gradients = strategy_->gradients();
  if (!loss_scale_.unscale(gradients)) return false;
  if (options_.clip_norm) {
    gradient_norm_ = strategy_->gradient_norm();
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

double Trainer::last_loss() const { return loss_sum_.item<double>() / batch_count_; }

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
  const auto scaled = strategy_->gradient_norm().item<double>();
  return {static_cast<double>(batch.size()), scaled / loss_scale_.factor()};
}

std::optional<Finished> Trainer::evaluate_now() {
  strategy_->agree_on_buffers();
  const AveragedWeights averaged(average_);
  protocol::Evaluated evaluated{progress_.step, now().epoch};
  for (auto& split : eval_splits_) measure(split, evaluated);
  check_mapped_files();
  last_evaluated_step_ = progress_.step;
  for (const auto& [metric, value] : evaluated.metrics) {
    telemetry_.record(metric, now(), value);
    schedule_->measured(metric, value);
  }
  measured_ = Wire<ByName<double>>::write(evaluated.metrics);
  note_best();
  telemetry_.flush();
  tell(evaluated);
  for (const auto& split : eval_splits_)
    if (const auto loss = evaluated.metrics.at(split.name + "/loss"); !std::isfinite(loss))
      return of_no_number(fmt::format("{}/loss is {} at step {}", split.name,
                                      std::isnan(loss) ? "NaN" : "infinite", progress_.step));
  if (const auto reason = early_stop_.measured(measured_))
    return Finished{Ending::done,
                    fmt::format("stopped early at step {}: {}", progress_.step, *reason)};
  return std::nullopt;
}

void Trainer::measure(EvalSplit& split, protocol::Evaluated& evaluated) {
  const auto result = evaluate(*strategy_, {*loss_, judged_, *precision_, metrics_}, *split.loader,
                               eval_.batch_size, mesh_.data());
  const auto prefix = split.name + "/";
  evaluated.counts[split.name] = result.count;
  evaluated.metrics[prefix + "loss"] = result.loss;
  for (const auto& [name, value] : result.more) evaluated.metrics[prefix + name] = value;
  for (const auto& [name, counts] : result.matrices)
    evaluated.matrices[prefix + name] = rows_of(counts);
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
