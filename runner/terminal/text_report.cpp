#include "runner/terminal/text_report.hpp"

#include "experiments/say.hpp"
#include "registry/counted.hpp"
#include "runner/terminal/launch_line.hpp"
#include "runner/terminal/moment.hpp"
#include "runner/terminal/number.hpp"
#include "runner/terminal/profile_table.hpp"
#include "runner/terminal/table.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace runner {
namespace {

constexpr std::chrono::seconds between_lines{10};
constexpr double rate_memory_seconds = 3;

double seconds(std::chrono::steady_clock::duration duration) {
  return std::chrono::duration<double>(duration).count();
}

void warn(const std::string& text) {
  std::fflush(stdout);
  say("runner: WARNING: {}\n", text);
}

std::string text_of(const protocol::NotProfiled& event) {
  return fmt::format("nothing was profiled: that begins after {} (profile.skip), and there {} {}",
                     counted(event.skip, "step"), event.steps == 1 ? "was" : "were", event.steps);
}

std::string text_of(const protocol::NoGraph& event) {
  return fmt::format("train.cuda_graph: the steps go without one: {}", event.reason);
}

bool waited_for_data(const protocol::Trained& trained) {
  return trained.data_wait >= 0.3 && trained.data_seconds >= 1;
}

std::string text_of(const protocol::Trained& trained) {
  return fmt::format("{:.0f} % of the training time went into making batches",
                     100 * trained.data_wait);
}

}  // namespace

void TextReport::print(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

void TextReport::started(const std::string& run_id, const Recipe& recipe, const Prepared& data,
                         const Launch& launch) {
  run_id_ = run_id;
  recipe_path_ = recipe.path;
  config_ = recipe.config;
  data_ = data;
  launch_ = launch;
}

void TextReport::event(const Event& event) {
  using namespace protocol;
  std::visit(Overloaded{[&](const Ready& ready) { print_head(ready); },
                        [&](const Evaluated& evaluated) { print_evaluation(evaluated); },
                        [&](const Profiled& profiled) { print(profile_table(profiled)); },
                        [](const NotSaved& not_saved) { warn(not_saved_text(not_saved)); },
                        [](const NotProfiled& not_profiled) { warn(text_of(not_profiled)); },
                        [](const NoGraph& no_graph) { warn(text_of(no_graph)); },
                        [](const Trained& trained) {
                          if (waited_for_data(trained)) warn(text_of(trained));
                        },
                        [](const Saved&) {}, [](const Metrics&) {}},
             event);
}

void TextReport::print_head(const protocol::Ready& ready) {
  steps_per_epoch_ = ready.steps_per_epoch;
  total_steps_ = ready.total_steps;
  origin_step_ = ready.origin_step;
  train_samples_ = ready.train_samples;
  rate_measured_ = last_line_ = Clock::now();
  Table head;
  head.add_column("");
  head.add_column("");
  const auto row = [&](const char* key, std::string value) {
    head.add_row() = {key, std::move(value)};
  };
  row("run", fmt::format("{} ({})", run_id_, config_.at("name").get<std::string>()));
  row("recipe", recipe_path_);
  row("device", ready.device);
  row("precision", config_.at("precision").at("name"));
  row("data",
      fmt::format("{}: {} training and {} evaluation samples ({})", data_.dataset,
                  with_commas(ready.train_samples), with_commas(ready.eval_samples), data_.source));
  row("launch", launch_line(config_, launch_, ready.backend));
  row("length", length_line());
  if (ready.first_step > 0)
    row("resumed", fmt::format("after step {}", with_commas(ready.first_step)));
  print(head.text() + "\n");
  print_layers(ready.layers);
  print_groups(ready.groups);
  warn_of_other_masks(ready);
}

/// Once: the checkpoints from here on know of it.
void TextReport::warn_of_other_masks(const protocol::Ready& ready) {
  if (ready.masks_since == 0 || ready.masks_since != ready.first_step) return;
  std::fflush(stdout);
  say("runner: WARNING: this run began with an older version of runner; after step {} dropout "
      "draws other masks\n",
      with_commas(ready.masks_since));
}

void TextReport::print_groups(const std::vector<protocol::Group>& groups) {
  if (groups.empty()) return;
  Table table;
  table.add_column("group");
  table.add_column("optimizer");
  table.add_column("params", Table::Align::right);
  for (const auto& [match, frozen, parameters, optimizer] : groups)
    table.add_row() = {match.empty() ? "all others" : match, frozen ? "frozen" : optimizer,
                       with_commas(parameters)};
  print(table.text() + "\n");
}

std::string TextReport::length_line() const {
  const auto epochs = config_.at("train").at("epochs").get<std::int64_t>();
  const auto steps = epochs * steps_per_epoch_;
  if (origin_step_ > 0)
    return fmt::format("{}, of {} from step {} on; {} in all", counted(epochs, "epoch"),
                       counted(steps_per_epoch_, "step"), with_commas(origin_step_),
                       counted(total_steps_, "step"));
  auto line = fmt::format("{} x {} steps = {} steps", counted(epochs, "epoch"),
                          with_commas(steps_per_epoch_), with_commas(steps));
  if (steps > total_steps_) line += fmt::format(", stopping after {}", with_commas(total_steps_));
  return line;
}

void TextReport::print_layers(const std::vector<protocol::ModelLayer>& layers) {
  Table table;
  table.add_column("layer");
  table.add_column("type");
  for (const auto* title : {"params", "trainable", "size"})
    table.add_column(title, Table::Align::right);
  std::int64_t parameters = 0, trainable = 0, size = 0;
  for (const auto& layer : layers) {
    parameters += layer.parameters;
    trainable += layer.trainable;
    size += layer.bytes;
    table.add_row() = {layer.name, layer.type, with_commas(layer.parameters),
                       with_commas(layer.trainable), bytes(layer.bytes)};
  }
  table.add_row() = {"total", "", with_commas(parameters), with_commas(trainable), bytes(size)};
  print(table.text() + "\n");
}

void TextReport::print_evaluation(const protocol::Evaluated& evaluated) {
  for (const auto& [split, count] : evaluated.counts) {
    auto line = fmt::format("epoch {:.4g}, step {}: ", evaluated.epoch, evaluated.step);
    if (evaluated.counts.size() > 1) line += split + ": ";
    print(line + measured_line(split, count, evaluated.metrics) + "\n");
  }
}

/// Of one split, of which so many targets were told.
std::string TextReport::measured_line(const std::string& split, std::int64_t count,
                                      const ByName<double>& metrics) {
  const auto value = [&](const std::string& name) {
    return metrics.at(fmt::format("{}/{}", split, name));
  };
  auto line = fmt::format("average loss: {:.4f}", value("loss"));
  if (metrics.find(split + "/accuracy") != metrics.end()) {
    const double share = value("accuracy");
    line += fmt::format(", accuracy: {}/{} ({:.2f} %)",
                        std::llround(share * static_cast<double>(count)), count, 100 * share);
  }
  const auto prefix = split + "/";
  for (const auto& [metric, measured] : metrics) {
    const auto name = metric.substr(std::min(prefix.size(), metric.size()));
    // Those of single classes are many: the store has them.
    if (!metric.starts_with(prefix) || name == "loss" || name == "accuracy" ||
        name.find('/') != std::string::npos)
      continue;
    line += fmt::format(", {}: {:.4f}", name, measured);
  }
  return line;
}

void TextReport::measure_rate(const Heartbeat& heartbeat) {
  const auto step = heartbeat.step.load();
  const auto now = Clock::now();
  const double elapsed = seconds(now - rate_measured_);
  if (step == rate_step_ || elapsed < 0.3) return;
  const double rate = static_cast<double>(step - rate_step_) / elapsed;
  const double weight = rate_ == 0 ? 1 : 1 - std::exp(-elapsed / rate_memory_seconds);
  rate_ += weight * (rate - rate_);
  rate_step_ = step;
  rate_measured_ = now;
}

double TextReport::epoch_share(const Heartbeat& heartbeat) const {
  const auto samples = heartbeat.samples.load();
  const auto in_epoch = samples == 0 ? 0 : (samples - 1) % train_samples_ + 1;
  return static_cast<double>(in_epoch) / static_cast<double>(train_samples_);
}

std::string TextReport::progress_line(const Heartbeat& heartbeat, const std::string& bar) const {
  const auto step = heartbeat.step.load();
  const auto epochs = config_.at("train").at("epochs").get<std::int64_t>();
  const auto samples = heartbeat.samples.load();
  const auto epoch = std::min(samples == 0 ? 1 : (samples - 1) / train_samples_ + 1, epochs);
  auto line = fmt::format("epoch {}/{}  {}{}/{}", epoch, epochs, bar, step, total_steps_);
  if (rate_ > 0) line += fmt::format("  {:.1f} it/s", rate_);
  if (heartbeat.lr > 0)
    line += fmt::format("  loss {:.4f}  lr {:.3g}", heartbeat.loss.load(), heartbeat.lr.load());
  if (rate_ > 0) line += "  ETA " + how_long(static_cast<double>(total_steps_ - step) / rate_);
  return line;
}

void TextReport::progress(const Heartbeat& heartbeat) {
  if (!is_training()) return;
  measure_rate(heartbeat);
  if (Clock::now() - last_line_ < between_lines) return;
  last_line_ = Clock::now();
  print(progress_line(heartbeat) + "\n");
}

void TextReport::output(const std::string& line) { say("worker: {}\n", line); }

void TextReport::stopping() { print("stopping after this step; once more to kill\n"); }

bool TextReport::keeps_checkpoints() const { return !config_.at("save").at("every").is_null(); }

void TextReport::ended(const Outcome& outcome, const Heartbeat& heartbeat) {
  const auto steps = heartbeat.step.load();
  const auto took = how_long(seconds(Clock::now() - started_));
  switch (outcome.ending) {
    case Ending::done:
      print(fmt::format("run {} is done: {} steps in {}{}\n", run_id_, with_commas(steps), took,
                        outcome.reason.empty() ? "" : "; " + outcome.reason));
      return;
    case Ending::paused:
    case Ending::interrupted:
      print(fmt::format("run {} was interrupted after {}: {}{}\n", run_id_, took, outcome.reason,
                        keeps_checkpoints() ? "" : "; nothing is saved (save.every is null)"));
      return;
    case Ending::failed:
      std::fflush(stdout);
      say("runner: run {} failed after {}: {}\n", run_id_, took, outcome.reason);
      return;
  }
}

}  // namespace runner
