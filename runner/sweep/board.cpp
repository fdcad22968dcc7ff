#include "runner/sweep/board.hpp"

#include "runner/terminal/parameters_text.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace runner {
namespace {

double seconds_since(std::chrono::steady_clock::time_point then) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - then).count();
}

}  // namespace

void Board::count(const std::vector<Trial>& trials) {
  const std::lock_guard lock(mutex_);
  status_.done = status_.failed = status_.pruned = status_.paused = status_.elsewhere = 0;
  status_.best.reset();
  for (const auto& trial : trials) {
    status_.done += trial.status == TrialStatus::done;
    status_.failed += trial.status == TrialStatus::failed;
    status_.pruned += trial.status == TrialStatus::pruned;
    status_.paused += trial.status == TrialStatus::paused;
    status_.elsewhere += trial.status == TrialStatus::running && !running_.contains(trial.number);
    if (trial.status != TrialStatus::done || !trial.value || std::isnan(*trial.value)) continue;
    const bool better = !status_.best || is_better(goal_, *trial.value, *status_.best->value);
    if (better)
      status_.best = EndedTrial{trial.number,
                                parameters_text(Json::parse(trial.parameters)),
                                "done",
                                "",
                                trial.run_id,
                                trial.value,
                                0};
  }
}

void Board::started(const TrialJob& job) {
  const std::lock_guard lock(mutex_);
  Running running;
  running.trial.number = job.trial.number;
  running.trial.parameters = parameters_text(Json::parse(job.trial.parameters));
  running_[job.trial.number] = std::move(running);
}

void Board::knows_length(std::int64_t number, std::int64_t steps) {
  const std::lock_guard lock(mutex_);
  running_[number].trial.last_step = steps;
}

void Board::progressed(std::int64_t number, const Heartbeat& heartbeat) {
  const std::lock_guard lock(mutex_);
  auto& trial = running_[number].trial;
  trial.step = heartbeat.step.load();
  trial.loss = heartbeat.loss.load();
}

void Board::measured(std::int64_t number, double value) {
  const std::lock_guard lock(mutex_);
  running_[number].trial.value = value;
}

void Board::left(const TrialJob& job, const std::string& how, const std::string& reason) {
  const std::lock_guard lock(mutex_);
  const auto& [trial, since] = running_[job.trial.number];
  const auto seconds = seconds_since(since);
  ended_.push_back({trial.number, trial.parameters, how, reason, job.run_id, trial.value, seconds});
  seconds_of_ended_ += seconds;
  ++count_of_ended_;
  running_.erase(job.trial.number);
}

std::optional<double> Board::seconds_left() const {
  const auto open = status_.size - status_.done - status_.failed - status_.pruned;
  if (count_of_ended_ == 0 || open <= 0) return std::nullopt;
  const double mean = seconds_of_ended_ / static_cast<double>(count_of_ended_);
  const double at_once = std::min<double>(slots_, static_cast<double>(open));
  double behind = 0;
  for (const auto& [number, running] : running_)
    behind += std::min(mean, seconds_since(running.since));
  return std::max(0.0, static_cast<double>(open) * mean - behind) / at_once;
}

SweepStatus Board::status() const {
  const std::lock_guard lock(mutex_);
  auto status = status_;
  for (const auto& [number, running] : running_) status.running.push_back(running.trial);
  status.seconds = seconds_since(began_);
  status.seconds_left = seconds_left();
  return status;
}

std::vector<EndedTrial> Board::take_ended() {
  const std::lock_guard lock(mutex_);
  return std::exchange(ended_, {});
}

}  // namespace runner
