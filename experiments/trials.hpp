#pragma once

#include "experiments/process.hpp"
#include "experiments/sqlite.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace runner {

/// How far a run of a sweep has come. `paused` has reached a rung; `pruned` will not go on.
enum class TrialStatus { waiting, running, paused, done, failed, pruned };

std::string_view to_text(TrialStatus status);

/// One run of a sweep, or what is to become one.
struct Trial {
  std::int64_t number = 0;  ///< from 1
  std::string key;          ///< of equal trials, the same: config, build and data
  std::string parameters;   ///< JSON: path -> value
  std::string point;        ///< JSON: in the search's space; empty without one
  TrialStatus status = TrialStatus::waiting;
  std::int64_t rung = 0;             ///< to which it runs, or has run
  std::string run_id = {};           ///< empty before its first start
  std::optional<double> value = {};  ///< of the metric, when last measured; NaN: none
  std::string failure = {};          ///< its class
  std::string reason = {};
  std::int64_t attempts = 0;  ///< that have failed, done or still run
};

/// A sweep's queue in the store. It holds for all processes that work on it: whoever changes it
/// does so within a Transaction of the database.
class Trials {
 public:
  Trials(const Database& database, std::string sweep_id);

  const std::string& sweep_id() const { return sweep_id_; }
  /// Adds one, which waits, unless its key is there already.
  void add(const Trial& trial);
  /// The same for a search, which may try something twice; gives its number.
  std::int64_t append(const Trial& trial);

  std::vector<Trial> all() const;
  std::vector<Trial> with_status(TrialStatus status) const;
  /// The first that waits and that is wanted.
  std::optional<Trial> first_waiting(const std::function<bool(const Trial&)>& wanted) const;
  std::int64_t count() const;
  std::int64_t count(TrialStatus status) const;
  /// One with this key that is done, of any sweep; one that runs, when none is. A process that is
  /// gone runs nothing.
  std::optional<Trial> twin(const Trial& trial, const Process& here) const;

  /// `holder` runs it from now on, in the run of this id.
  void claim(const Trial& trial, std::string_view run_id, const Process& holder);
  /// Holders that cannot be seen, on other hosts, must say that they live.
  void renew(const Process& holder);
  /// What a process held that is gone waits again.
  void release_lost(const Process& here);

  void set_value(std::int64_t number, double value);
  /// Takes the lease back. Tells how it stands: `failure` and `reason` for those that failed. What
  /// was stopped without a failure of its own was no attempt.
  void put(std::int64_t number, TrialStatus status, std::string_view failure = {},
           std::string_view reason = {});
  void set_rung(std::int64_t number, std::int64_t rung);
  /// It is what another's run has found out; `value` is that of its own sweep's metric.
  void copy_result(std::int64_t number, const Trial& twin, std::optional<double> value);

  void add_rung_result(std::int64_t number, std::int64_t rung, double value);
  struct RungRow {
    std::int64_t number, rung;
    double value;
  };
  std::vector<RungRow> rung_results() const;

 private:
  std::vector<Trial> read(std::string_view condition, const std::optional<std::string>& text) const;

  const Database& database_;
  std::string sweep_id_;
};

}  // namespace runner
