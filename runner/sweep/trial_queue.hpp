#pragma once

#include "experiments/store.hpp"
#include "experiments/trials.hpp"
#include "runner/search/median.hpp"
#include "runner/sweep/sweep_recipe.hpp"

#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <optional>

namespace runner {

/// A trial that this process has taken on.
struct TrialJob {
  Trial trial;
  Cell cell;
  Recipe recipe;
  std::string run_id;
  bool goes_on = false;                  ///< the run is there already
  std::optional<std::int64_t> pause_at;  ///< the step at which its rung ends, before its own end
};

/// What is started with the same again, by the same build, goes on with the same sweep.
std::string sweep_identity(const SweepRecipe& recipe);

/// How a trial has left its slot.
enum class Leaving { done, paused, pruned, stopped, retry, failed };

/// Gives a sweep's trials out, each once, to all processes that work on it, and takes their
/// results: what comes next follows from the store alone, so nothing is lost with a process. For
/// use by many threads.
class TrialQueue {
 public:
  /// The data's digest for a resolved recipe.
  using DataDigest = std::function<std::string(const Recipe& recipe)>;

  /// Adds the cells of the matrix that are not there yet, and takes up what had failed for a
  /// passing reason.
  TrialQueue(const std::filesystem::path& database, const SweepRecipe& recipe,
             const std::string& command, DataDigest digest);

  const std::string& sweep_id() const { return trials_->sweep_id(); }
  /// Trials in all, as many as a search will make.
  std::int64_t size() const;

  /// Empty when there is nothing to do now; that may change when another trial ends.
  std::optional<TrialJob> next();
  /// Whether trials wait that run elsewhere, too, and take the results from there.
  bool waits_for_twins();
  void leave(const TrialJob& job, Leaving how, const std::string& failure = "",
             const std::string& reason = "");
  /// Whether the median of the finished trials says to stop this one.
  bool is_hopeless(const TrialJob& job, const LearningCurve& curve);
  /// Tells other hosts that this process lives.
  void renew();
  /// When all have ended that could: those that wait at a rung will not go on.
  void close();
  /// Those that the recipe still has.
  std::vector<Trial> all();

 private:
  void add_cells();
  void retry_what_may_pass();
  struct Halving;

  Halving halving() const;
  std::optional<TrialJob> promoted();
  std::optional<TrialJob> last_promoted();
  bool more_may_end() const;
  std::optional<TrialJob> waiting();
  bool sample();
  bool is_wanted(const Trial& trial) const;
  bool any_waits() const;
  bool run_is_done(const std::string& run_id) const;
  std::optional<TrialJob> take(const Trial& trial, std::int64_t rung);
  Cell cell_of(const Trial& trial) const;
  std::vector<std::int64_t> budgets(const Recipe& recipe) const;
  std::optional<double> last_value(const std::string& run_id) const;
  double signed_value(double value) const;
  Trial describe(const Cell& cell, const Recipe& recipe) const;

  mutable std::mutex mutex_;
  const SweepRecipe& recipe_;
  DataDigest digest_;
  mutable Store store_;
  std::optional<Trials> trials_;
  std::map<std::string, const Cell*> cells_;  ///< of the matrix, by their keys
  Process here_ = current_process();
};

}  // namespace runner
