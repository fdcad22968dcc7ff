#pragma once

#include "experiments/recorder.hpp"
#include "experiments/store.hpp"
#include "runner/launch/supervisor.hpp"

#include <filesystem>
#include <string>

namespace runner {

/// Writes a run's events into the store, and passes them on.
class RunRecord : public Observer {
 public:
  /// The run is in the store, as running, from here on.
  RunRecord(const std::filesystem::path& database, const Run& run, Observer& next);

  const std::string& id() const { return id_; }

  void event(const Json& message) override;
  void progress(const Heartbeat& heartbeat) override { next_.progress(heartbeat); }
  void output(const std::string& line) override { next_.output(line); }
  void stopping() override { next_.stopping(); }

  /// The last points and the end, in one transaction.
  void finish(const Outcome& outcome);

 private:
  Store store_;
  std::string id_;
  Recorder recorder_;
  Observer& next_;
};

}  // namespace runner
