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
  /// submitted, or ran before: then it goes on from its newest checkpoint that is whole, and is
  /// described as `run` once its ranks have restored that; if they do not come to it, it stays what
  /// it was. `new_id` is what one that is new shall be called, if anything.
  RunRecord(const std::filesystem::path& database, const Run& run, const Save& save,
            const std::optional<std::string>& earlier, const std::optional<std::string>& new_id,
            const Warn& warn, Observer& next);

  ~RunRecord() override;

  const std::string& id() const { return id_; }
  /// The folder for what its ranks print.
  const std::filesystem::path& logs() const { return logs_; }
  /// The folder for its checkpoints; none when it keeps none.
  std::optional<std::filesystem::path> checkpoints() const;
  /// Whether the recipe itself writes save.keep_best: then each evaluation that is the best so far
  /// is to save.
  bool saves_each_best() const;
  /// What it goes on from.
  const std::optional<Checkpoint>& start() const { return start_; }
  /// False as long as a run that goes on may still turn out to be unable to.
  bool has_begun() const { return recorder_ != nullptr; }

  void event(const Event& event) override;
  void progress(const Heartbeat& heartbeat) override;
  void output(const std::string& line) override { next_.output(line); }
  void stopping() override { next_.stopping(); }

  /// Why none of the checkpoints that the recipe asks for could be saved; empty where one is kept,
  /// or none was to be.
  std::string why_nothing_is_saved();

  /// From now on what its ranks take of this machine is recorded, too.
  void watch_system(SystemWatch watch) { system_.emplace(std::move(watch)); }
  /// The run failed, but goes on from its newest checkpoint.
  void restart(const Run& run, const std::string& reason, const Warn& warn);
  /// The last points and the end, in one transaction.
  void finish(const Outcome& outcome);

 private:
  void claim(const Warn& warn);
  void begin();
  void give_back();
  void describe_worker(const protocol::Ready& ready);
  void add_matrices(const protocol::Evaluated& evaluated);
  void add_checkpoint(const protocol::Saved& saved);

  std::filesystem::path database_;
  Save save_;
  Run run_;
  Store store_;
  std::string id_;
  std::filesystem::path logs_, checkpoints_;
  std::optional<Standing> standing_;  ///< of a run that was claimed, and has not begun
  std::optional<Checkpoint> start_;
  std::string not_saved_;  ///< why the newest checkpoint that could not be saved was not
  std::unique_ptr<Recorder> recorder_;
  Json versions_;
  std::optional<SystemMetrics> system_;
  Observer& next_;
};

}  // namespace runner
