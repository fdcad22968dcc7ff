#pragma once

#include "experiments/store.hpp"
#include "tests/program/program.hpp"

#include <map>
#include <string>
#include <vector>

namespace runner {

/// A trial's row in the store.
struct TrialRow {
  std::string parameters, point, status, failure, reason, run_id;
  double value = 0;  ///< NaN where there is none

  bool operator==(const TrialRow&) const = default;
};

/// A sweep over recipes/synthetic.yaml, started by the real program in a folder of its own.
class Sweeping {
 public:
  /// `more` of the recipe: a matrix, or a search, and what differs from synthetic.yaml.
  explicit Sweeping(const std::string& more);

  Program start(std::vector<std::string> overrides = {}) const;
  /// In another folder, as from another terminal, with the same database.
  Program start_in(const std::filesystem::path& folder, std::vector<std::string> overrides) const;
  Printed run(std::vector<std::string> overrides = {}) const;
  /// Starts it so many times, and kills it each time after 20 to 700 ms.
  void kill_at_random_moments(int times, unsigned seed) const;
  /// Another command on its database.
  Printed ask(std::vector<std::string> words) const;
  /// The same, whose answer is JSON.
  Json answer(std::vector<std::string> words) const;

  const TemporaryDirectory& folder() const { return folder_; }
  /// Of the latest sweep of that name, in the order of their numbers.
  std::vector<TrialRow> trials(const std::string& name = "small") const;
  /// The first value of the first row.
  std::int64_t integer(const std::string& select) const;
  std::string text(const std::string& select) const;
  /// The sha256 of the last checkpoint's weights.
  std::string weights(const std::string& run_id) const;
  /// What each trial came to: a line with its parameters, its value and its weights.
  std::string results() const;
  /// Waits until a trial has that status; false after a minute.
  bool wait_for_trial(const std::string& status) const;
  /// Its processes that still run.
  std::vector<pid_t> left() const;

 private:
  std::map<std::string, std::string> environment() const;

  TemporaryDirectory folder_;
  std::string recipe_, database_;
};

}  // namespace runner
