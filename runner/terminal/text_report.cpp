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

void TextReport::event(const Json& message) {
  const auto& event = message.at("event");
  if (event == "ready") print_head(message);
  if (event == "evaluated") print_evaluation(message);
  if (event == "not_saved") print_not_saved(message);
  if (event == "profiled") print(profile_table(message));
  if (event == "not_profiled") print_not_profiled(message);
  if (event == "no_graph") print_no_graph(message);
  if (event == "trained") print_data_wait(message);
}

void TextReport::print_head(const Json& ready) {
  steps_per_epoch_ = ready.at("steps_per_epoch");
  total_steps_ = ready.at("total_steps");
  origin_step_ = ready.value("origin_step", std::int64_t{0});
  train_samples_ = ready.at("train_samples");
  rate_measured_ = last_line_ = Clock::now();
  Table head;
  head.add_column("");
  head.add_column("");
  const auto row = [&](const char* key, std::string value) {
    head.add_row() = {key, std::move(value)};
  };
  row("run", fmt::format("{} ({})", run_id_, config_.at("name").get<std::string>()));
  row("recipe", recipe_path_);
  row("device", ready.at("device"));
  row("precision", config_.at("precision").at("name"));
  row("data", fmt::format("{}: {} training and {} evaluation samples ({})", data_.dataset,
                          with_commas(ready.at("train_samples")),
                          with_commas(ready.at("eval_samples")), data_.source));
  row("launch", launch_line(config_, launch_, ready.at("backend")));
  row("length", length_line());
  if (const auto step = ready.at("first_step").get<std::int64_t>(); step > 0)
    row("resumed", fmt::format("after step {}", with_commas(step)));
  print(head.text() + "\n");
  print_layers(ready.at("layers"));
  print_groups(ready.at("groups"));
  warn_of_other_masks(ready);
}

/// Once: the checkpoints from here on know of it.
void TextReport::warn_of_other_masks(const Json& ready) {
  const auto since = ready.at("masks_since").get<std::int64_t>();
  if (since == 0 || since != ready.at("first_step")) return;
  std::fflush(stdout);
  say("runner: WARNING: this run began with an older version of runner; after step {} dropout "
      "draws other masks\n",
      with_commas(since));
}

void TextReport::print_groups(const Json& groups) {
  if (groups.empty()) return;
  Table table;
  table.add_column("group");
  table.add_column("optimizer");
  table.add_column("params", Table::Align::right);
  for (const auto& group : groups) {
    const auto match = group.at("match").get<std::string>();
    table.add_row() = {match.empty() ? "all others" : match,
                       group.at("frozen").get<bool>() ? "frozen" : group.at("optimizer"),
                       with_commas(group.at("parameters"))};
  }
  print(table.text() + "\n");
}

void TextReport::print_not_saved(const Json& message) {
  std::fflush(stdout);
  say("runner: WARNING: {}\n", not_saved_text(message));
}

void TextReport::print_not_profiled(const Json& message) {
  std::fflush(stdout);
  say("runner: WARNING: nothing was profiled: that begins after {} (profile.skip), and there "
      "{} {}\n",
      counted(message.at("skip").get<std::int64_t>(), "step"),
      message.at("steps") == 1 ? "was" : "were", message.at("steps").get<std::int64_t>());
}

void TextReport::print_no_graph(const Json& message) {
  std::fflush(stdout);
  say("runner: WARNING: train.cuda_graph: the steps go without one: {}\n",
      message.at("reason").get<std::string>());
}

void TextReport::print_data_wait(const Json& trained) {
  const auto share = trained.at("data_wait").get<double>();
  if (share < 0.3 || trained.at("data_seconds").get<double>() < 1) return;
  std::fflush(stdout);
  say("runner: WARNING: {:.0f} % of the training time went into making batches\n", 100 * share);
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

void TextReport::print_layers(const Json& layers) {
  Table table;
  table.add_column("layer");
  table.add_column("type");
  for (const auto* title : {"params", "trainable", "size"})
    table.add_column(title, Table::Align::right);
  std::int64_t parameters = 0, trainable = 0, size = 0;
  for (const auto& layer : layers) {
    parameters += layer.at("parameters").get<std::int64_t>();
    trainable += layer.at("trainable").get<std::int64_t>();
    size += layer.at("bytes").get<std::int64_t>();
    table.add_row() = {layer.at("name"), layer.at("type"), with_commas(layer.at("parameters")),
                       with_commas(layer.at("trainable")), bytes(layer.at("bytes"))};
  }
  table.add_row() = {"total", "", with_commas(parameters), with_commas(trainable), bytes(size)};
  print(table.text() + "\n");
}

void TextReport::print_evaluation(const Json& evaluated) {
  const auto& splits = evaluated.at("counts");
  for (const auto& [split, count] : splits.items()) {
    auto line = fmt::format("epoch {:.4g}, step {}: ", evaluated.at("epoch").get<double>(),
                            evaluated.at("step").get<std::int64_t>());
    if (splits.size() > 1) line += split + ": ";
    print(line + measured_line(split, count, evaluated.at("metrics")) + "\n");
  }
}

/// Of one split, of which so many targets were told.
std::string TextReport::measured_line(const std::string& split, std::int64_t count,
                                      const Json& metrics) {
  const auto value = [&](const std::string& name) {
    return metrics.at(fmt::format("{}/{}", split, name)).get<double>();
  };
  auto line = fmt::format("average loss: {:.4f}", value("loss"));
  if (metrics.contains(split + "/accuracy")) {
    const double share = value("accuracy");
    line += fmt::format(", accuracy: {}/{} ({:.2f} %)",
                        std::llround(share * static_cast<double>(count)), count, 100 * share);
  }
  const auto prefix = split + "/";
  for (const auto& [metric, measured] : metrics.items()) {
    const auto name = metric.substr(std::min(prefix.size(), metric.size()));
    // Those of single classes are many: the store has them.
    if (!metric.starts_with(prefix) || name == "loss" || name == "accuracy" ||
        name.find('/') != std::string::npos)
      continue;
    line += fmt::format(", {}: {:.4f}", name, measured.get<double>());
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
