#pragma once

#include "experiments/recorder.hpp"
#include "experiments/store.hpp"
#include "runner/supervise/supervisor.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace runner {

/// Writes a run's events into the store, and passes them on.
class RunRecord : public Observer {
 public:
  /// The run is in the store, as running, from here on; `queued` is the id under which it was
  /// submitted, if it was.
  RunRecord(const std::filesystem::path& database, const Run& run,
            const std::optional<std::string>& queued, Observer& next);

  const std::string& id() const { return id_; }
  /// The folder for what its ranks print.
  const std::filesystem::path& logs() const { return logs_; }

  void event(const Json& message) override;
  void progress(const Heartbeat& heartbeat) override { next_.progress(heartbeat); }
  void output(const std::string& line) override { next_.output(line); }
  void stopping() override { next_.stopping(); }

  /// The last points and the end, in one transaction.
  void finish(const Outcome& outcome);

 private:
  Store store_;
  std::string id_;
  std::filesystem::path logs_;
  Recorder recorder_;
  Observer& next_;
};

}  // namespace runner
