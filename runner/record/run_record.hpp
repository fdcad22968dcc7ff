#pragma once

#include "experiments/recorder.hpp"
#include "experiments/store.hpp"
#include "runner/record/checkpoints.hpp"
#include "runner/record/system_metrics.hpp"
#include "runner/supervise/supervisor.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace runner {

/// Writes a run's events into the store, and passes them on.
class RunRecord : public Observer {
 public:
  /// The run is in the store, as running, from here on. `earlier` is the id of a run that was
  /// submitted, or ran before: then it goes on from its newest checkpoint that is whole. `new_id`
  /// is what one that is new shall be called, if anything.
  RunRecord(const std::filesystem::path& database, const Run& run, const Save& save,
            const std::optional<std::string>& earlier, const std::optional<std::string>& new_id,
            const Warn& warn, Observer& next);

  const std::string& id() const { return id_; }
  /// The folder for what its ranks print.
  const std::filesystem::path& logs() const { return logs_; }
  /// The folder for its checkpoints; none when it keeps none.
  std::optional<std::filesystem::path> checkpoints() const;
  /// What it goes on from.
  const std::optional<Checkpoint>& start() const { return start_; }

  void event(const Json& message) override;
  void progress(const Heartbeat& heartbeat) override;
  void output(const std::string& line) override { next_.output(line); }
  void stopping() override { next_.stopping(); }

  /// From now on what its ranks take of this machine is recorded, too.
  void watch_system(SystemWatch watch) { system_.emplace(std::move(watch)); }
  /// The run failed, but goes on from its newest checkpoint.
  void restart(const Run& run, const std::string& reason, const Warn& warn);
  /// The last points and the end, in one transaction.
  void finish(const Outcome& outcome);

 private:
  void begin(const Run& run, const std::optional<std::string>& earlier,
             const std::optional<std::string>& new_id, const Warn& warn);
  void describe_worker(const Json& ready);
  void add_matrices(const Json& evaluated);
  void add_checkpoint(const Json& saved);

  std::filesystem::path database_;
  Save save_;
  Store store_;
  std::string id_;
  std::filesystem::path logs_, checkpoints_;
  std::optional<Checkpoint> start_;
  std::unique_ptr<Recorder> recorder_;
  Json versions_;
  std::optional<SystemMetrics> system_;
  Observer& next_;
};

}  // namespace runner
