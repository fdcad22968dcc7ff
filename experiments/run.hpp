#pragma once

#include "experiments/process.hpp"
#include "experiments/value.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace runner {

enum class Status { queued, running, done, failed, interrupted, crashed };

std::string_view to_text(Status status);

/// One value of the resolved config and where it came from (`default`, `mnist.yaml:7`, an
/// override). A list is its JSON text.
struct Setting {
  std::string path;
  Value value;
  std::string origin;
};

/// What is known of a run when it starts.
struct Run {
  std::string name;
  std::string recipe_path;
  std::string recipe_text;
  std::string config;  // resolved, JSON
  std::vector<Setting> settings;
  std::string command;
  std::string versions;                 // JSON, library to version
  std::string data;                     // JSON, which data is used; may be told later
  std::string environment;              // JSON, variable to value: those that bear on a result
  std::optional<std::string> git_diff;  // what the commit does not hold
  std::optional<std::string> device;
  std::optional<std::int64_t> seed;
  std::optional<std::string> git_commit;
  std::optional<bool> git_dirty;
  std::optional<std::int64_t> world_size;  // ranks
  std::optional<std::int64_t> nodes;
  std::optional<std::string> launcher;  // who started the ranks: self, slurm ...
  std::optional<std::string> job_id;    // Slurm's
  std::optional<std::string> sweep;     // that it is a trial of
  std::optional<std::string> purpose;   // of a run that only checks: fast-dev-run, reproduce
  std::optional<std::string> logs;      // the folder with what the ranks printed
  Process process = current_process();
};

/// What a run can go on from: a folder with its state after a step.
struct Checkpoint {
  std::int64_t step = 0;
  double epoch = 0;
  std::string folder;
  std::string files;  ///< JSON: [{name, bytes, sha256}]
  std::int64_t bytes = 0;
  std::string measured;  ///< JSON: metric -> value at this step
  std::int64_t time = 0;
};

}  // namespace runner
