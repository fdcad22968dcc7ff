#include "runner/sweep/trial_queue.hpp"

#include "experiments/id.hpp"
#include "experiments/sweeps.hpp"
#include "runner/recipe/run_length.hpp"
#include "runner/record/masked.hpp"
#include "runner/search/asha.hpp"
#include "runner/search/sampler.hpp"
#include "runner/sweep/key.hpp"

#include <cmath>
#include <limits>

#include <fmt/format.h>

namespace runner {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

Sweep describe_sweep(const SweepRecipe& recipe, const std::string& command) {
  Sweep sweep;
  sweep.name = recipe.name();
  sweep.identity = sweep_identity(recipe);
  sweep.recipe_path = recipe.path();
  sweep.recipe_text = masked(recipe.text());
  sweep.command = masked_by_names(command);
  sweep.metric = recipe.search().metric;
  sweep.mode = mode_of(recipe.search().goal());
  sweep.settings = recipe.settings().dump();
  sweep.wanted = recipe.trials();
  return sweep;
}

std::int64_t in_steps(const Interval& interval, const Length& length) {
  return interval.count * (interval.unit == Unit::epochs ? length.steps_per_epoch() : 1);
}

Point point_of(const Trial& trial) {
  const auto json = Json::parse(trial.point);
  return {json.begin(), json.end()};
}

}  // namespace

std::string sweep_identity(const SweepRecipe& recipe) { return recipe.identity() + build_id(); }

TrialQueue::TrialQueue(const std::filesystem::path& database, const SweepRecipe& recipe,
                       const std::string& command, DataDigest digest)
    : recipe_(recipe), digest_(std::move(digest)), store_(Store::create_or_open(database)) {
  trials_.emplace(store_.database(),
                  begin_sweep(store_.database(), describe_sweep(recipe, command)));
  add_cells();
  retry_what_may_pass();
}

/// Keys are made before the database is locked: they take a while.
void TrialQueue::add_cells() {
  std::vector<Trial> all;
  for (const auto& cell : recipe_.cells()) {
    all.push_back(describe(cell, recipe_.recipe_of(cell)));
    cells_.emplace(all.back().key, &cell);
  }
  Transaction transaction(store_.database());
  for (const auto& trial : all) trials_->add(trial);
  transaction.commit();
}

void TrialQueue::retry_what_may_pass() {
  Transaction transaction(store_.database());
  for (const auto& trial : trials_->with_status(TrialStatus::failed))
    if (trial.failure == "infrastructure" || trial.failure == "out_of_memory")
      trials_->put(trial.number, TrialStatus::waiting);
  transaction.commit();
}

Trial TrialQueue::describe(const Cell& cell, const Recipe& recipe) const {
  Trial trial;
  trial.key = trial_key(recipe, digest_(recipe));
  trial.parameters = recipe_.parameters_of(cell).dump();
  return trial;
}

std::int64_t TrialQueue::size() const {
  const std::lock_guard lock(mutex_);
  return recipe_.searches() ? recipe_.trials() : std::ssize(cells_);
}

std::optional<TrialJob> TrialQueue::next() {
  const std::lock_guard lock(mutex_);
  Transaction transaction(store_.database());
  trials_->release_lost(here_);
  auto job = promoted();
  if (!job) job = waiting();
  while (!job && sample()) job = waiting();
  if (!job) job = last_promoted();
  transaction.commit();
  return job;
}

/// How far asha's trials have come.
struct TrialQueue::Halving {
  std::vector<RungResult> results;
  std::set<Promotion> given;
  std::map<std::int64_t, Trial> paused;
  int rungs = 1;
  bool has_ended = false;  ///< one has come to its end, with a value

  std::optional<Promotion> next(std::int64_t reduction_factor) const {
    return next_promotion(results, given, reduction_factor, rungs);
  }
  /// Where nothing else is left to do: one trial is to come to its end.
  std::optional<Promotion> last() const {
    return has_ended ? std::nullopt : best_of_highest_rung(results, given, rungs);
  }
};

TrialQueue::Halving TrialQueue::halving() const {
  Halving out;
  if (recipe_.prune().strategy != "asha") return out;
  for (const auto& row : trials_->rung_results())
    out.results.push_back({row.number, static_cast<int>(row.rung), signed_value(row.value)});
  for (auto& trial : trials_->all()) {
    out.has_ended = out.has_ended || (trial.status == TrialStatus::done && is_wanted(trial) &&
                                      trial.value && std::isfinite(*trial.value));
    // Who is not at a rung, has all its rungs behind it, or is no longer wanted, is not promoted.
    const bool is_paused = trial.status == TrialStatus::paused && is_wanted(trial);
    const auto own_rungs =
        is_paused ? static_cast<int>(budgets(recipe_.recipe_of(cell_of(trial))).size()) : 64;
    const int last = is_paused ? static_cast<int>(trial.rung) : own_rungs;
    for (int rung = 1; rung <= last; ++rung) out.given.insert({trial.number, rung});
    if (!is_paused) continue;
    out.rungs = std::max(out.rungs, own_rungs);
    out.paused.emplace(trial.number, std::move(trial));
  }
  return out;
}

/// Successive halving: the best of a rung go on to the next.
std::optional<TrialJob> TrialQueue::promoted() {
  const auto state = halving();
  const auto promotion = state.next(recipe_.prune().reduction_factor);
  return promotion ? take(state.paused.at(promotion->trial), promotion->rung) : std::nullopt;
}

std::optional<TrialJob> TrialQueue::last_promoted() {
  if (more_may_end()) return std::nullopt;
  const auto state = halving();
  const auto promotion = state.last();
  return promotion ? take(state.paused.at(promotion->trial), promotion->rung) : std::nullopt;
}

/// Whether trials run, wait or are still to be made, by whose results a paused one may go on.
bool TrialQueue::more_may_end() const {
  return trials_->count(TrialStatus::running) > 0 || any_waits() ||
         (recipe_.searches() && trials_->count() < recipe_.trials());
}

std::optional<TrialJob> TrialQueue::waiting() {
  std::optional<Trial> twin;  // of the trial that was looked at last
  const auto can_go_on = [&](const Trial& trial) {
    if (!is_wanted(trial)) return false;
    twin = trials_->twin(trial, here_);
    return !twin || twin->status == TrialStatus::done;
  };
  while (const auto trial = trials_->first_waiting(can_go_on)) {
    if (twin) {
      trials_->copy_result(trial->number, *twin, last_value(twin->run_id));
    } else if (run_is_done(trial->run_id)) {  // its process went away just then
      if (const auto value = last_value(trial->run_id)) trials_->set_value(trial->number, *value);
      trials_->put(trial->number, TrialStatus::done);
    } else {
      return take(*trial, trial->rung);
    }
  }
  return std::nullopt;
}

bool TrialQueue::waits_for_twins() {
  const std::lock_guard lock(mutex_);
  return any_waits();
}

bool TrialQueue::any_waits() const {
  return trials_->first_waiting([&](const Trial& trial) { return is_wanted(trial); }).has_value();
}

/// A matrix that has shrunk leaves cells behind.
bool TrialQueue::is_wanted(const Trial& trial) const {
  return recipe_.searches() || cells_.contains(trial.key);
}

bool TrialQueue::run_is_done(const std::string& run_id) const {
  auto run = store_.database().prepare("SELECT 1 FROM runs WHERE id = ? AND status = 'done'");
  return run.with(run_id).step();
}

/// Adds the next trial of a search; false when it has made all.
bool TrialQueue::sample() {
  if (!recipe_.searches() || trials_->count() >= recipe_.trials()) return false;
  std::vector<Observation> history;
  for (const auto& trial : trials_->all()) {
    const bool open = trial.status == TrialStatus::running || trial.status == TrialStatus::waiting;
    std::optional<double> value;
    if (trial.value && std::isfinite(*trial.value)) value = signed_value(*trial.value);
    history.push_back({point_of(trial), value, open});
  }
  const auto point = suggest(recipe_.search(), recipe_.space(), trials_->count(), history);
  const auto cell = recipe_.cell_at(point);
  Trial trial;
  trial.point = Json(point).dump();
  try {
    const auto described = describe(cell, recipe_.recipe_of(cell));
    trial.key = described.key;
    trial.parameters = described.parameters;
    trials_->append(trial);
  } catch (const RecipeError& error) {
    trial.parameters = recipe_.parameters_of(cell).dump();
    trial.key = trial.parameters;
    trials_->put(trials_->append(trial), TrialStatus::failed, "config", error.what());
  }
  return true;
}

Cell TrialQueue::cell_of(const Trial& trial) const {
  return recipe_.searches() ? recipe_.cell_at(point_of(trial)) : *cells_.at(trial.key);
}

std::optional<TrialJob> TrialQueue::take(const Trial& trial, std::int64_t rung) {
  TrialJob job;
  job.trial = trial;
  job.run_id = trial.run_id;
  job.cell = cell_of(trial);
  job.recipe = recipe_.recipe_of(job.cell);
  if (recipe_.prune().strategy == "asha") {
    const auto steps = budgets(job.recipe);
    if (rung + 1 < static_cast<std::int64_t>(steps.size()))
      job.pause_at = steps[static_cast<std::size_t>(rung)];
    job.trial.rung = rung;
    trials_->set_rung(trial.number, rung);
  }
  if (job.run_id.empty()) job.run_id = new_run_id();
  auto run = store_.database().prepare("SELECT 1 FROM runs WHERE id = ?");
  job.goes_on = run.with(job.run_id).step();
  trials_->claim(trial, job.run_id, here_);
  return job;
}

std::vector<std::int64_t> TrialQueue::budgets(const Recipe& recipe) const {
  const auto length = run_length(recipe.config);
  const auto& prune = recipe_.prune();
  return rung_budgets(in_steps(prune.first, length), prune.reduction_factor, length.last_step,
                      prune.rungs);
}

void TrialQueue::leave(const TrialJob& job, Leaving how, const std::string& failure,
                       const std::string& reason) {
  const std::lock_guard lock(mutex_);
  const auto number = job.trial.number;
  const auto value = last_value(job.run_id);
  const bool halves = recipe_.prune().strategy == "asha";
  Transaction transaction(store_.database());
  if (value) trials_->set_value(number, *value);
  switch (how) {
    case Leaving::done:
    case Leaving::paused:
      trials_->put(number, how == Leaving::done ? TrialStatus::done : TrialStatus::paused);
      if (halves) trials_->add_rung_result(number, job.trial.rung, value.value_or(nan));
      break;
    case Leaving::pruned:
      trials_->put(number, TrialStatus::pruned, "", reason);
      break;
    case Leaving::stopped:
    case Leaving::retry:
      trials_->put(number, TrialStatus::waiting, failure, reason);
      break;
    case Leaving::failed:
      trials_->put(number, TrialStatus::failed, failure, reason);
      if (halves) trials_->add_rung_result(number, job.trial.rung, nan);
  }
  transaction.commit();
}

std::optional<double> TrialQueue::last_value(const std::string& run_id) const {
  auto series =
      store_.database().prepare("SELECT last_value FROM series WHERE run_id = ? AND name = ?");
  if (!series.with(run_id, recipe_.search().metric).step()) return std::nullopt;
  return series.real(0);
}

double TrialQueue::signed_value(double value) const {
  return recipe_.search().goal() == Goal::greater ? -value : value;
}

bool TrialQueue::is_hopeless(const TrialJob& job, const LearningCurve& curve) {
  if (recipe_.prune().strategy != "median" || curve.empty()) return false;
  const std::lock_guard lock(mutex_);
  auto points = store_.database().prepare(
      "SELECT t.number, p.step, p.value FROM trials t JOIN series s ON s.run_id = t.run_id"
      " AND s.name = ?2 JOIN points p ON p.series_id = s.id"
      " WHERE t.sweep_id = ?1 AND t.status = 'done' ORDER BY t.number, p.step");
  points.with(sweep_id(), recipe_.search().metric);
  std::map<std::int64_t, LearningCurve> finished;
  while (points.step())
    finished[points.integer(0)].emplace_back(points.integer(1), signed_value(points.real(2)));
  std::vector<LearningCurve> others;
  for (auto& [number, other] : finished) others.push_back(std::move(other));
  auto own = curve;
  for (auto& [step, value] : own) value = signed_value(value);
  const auto& prune = recipe_.prune();
  const auto first = in_steps(prune.first, run_length(job.recipe.config));
  return median_stops({first, prune.startup_trials}, own, others);
}

void TrialQueue::renew() {
  const std::lock_guard lock(mutex_);
  trials_->renew(here_);
}

void TrialQueue::close() {
  const std::lock_guard lock(mutex_);
  Transaction transaction(store_.database());
  trials_->release_lost(here_);
  const auto state = halving();
  const bool open = more_may_end() || state.next(recipe_.prune().reduction_factor) || state.last();
  for (const auto& trial : open ? std::vector<Trial>{} : trials_->with_status(TrialStatus::paused))
    trials_->put(trial.number, TrialStatus::pruned, "",
                 fmt::format("not among the best at rung {}", trial.rung));
  transaction.commit();
}

std::vector<Trial> TrialQueue::all() {
  const std::lock_guard lock(mutex_);
  auto trials = trials_->all();
  std::erase_if(trials, [&](const Trial& trial) { return !is_wanted(trial); });
  return trials;
}

}  // namespace runner
