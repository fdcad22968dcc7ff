#pragma once

#include "tests/program/program.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace runner {

/// What the runs of each name came to: status, every point that was measured in training, and the
/// weights of the newest checkpoint. Ids and times are left out, so that it is the same for
/// whatever has done the same.
using Contents = std::map<std::string, std::set<std::string>>;

Contents contents(const std::filesystem::path& database);

/// A line for each name that is not the same; empty when all are.
std::string difference(const Contents& found, const Contents& wanted);

/// How many points each run has, those of earlier attempts among them; empty where there is no
/// database yet.
std::map<std::string, std::int64_t> committed_points(const std::filesystem::path& database);

/// A folder in which things have happened: a store with three runs ("done", "kept" and "stopped"),
/// garbage for gc, another store to merge, one of an older version, logs of Lightning, recipes.
class World {
 public:
  World();

  const std::filesystem::path& folder() const { return folder_.path(); }
  std::filesystem::path database() const { return folder() / ".runner/experiments.db"; }
  std::filesystem::path old_database() const { return folder() / "old/experiments.db"; }

  /// Its processes have this in their environment.
  std::string mark() const { return "RUNNER_TRUST_WORLD=" + folder().string(); }
  Program start(const std::vector<std::string>& words, const std::string& terminal = "one",
                const std::map<std::string, std::string>& more = {}) const;
  Printed run(const std::vector<std::string>& words) const { return start(words, "again").wait(); }

  /// What the stores hold, and what was exported.
  Contents everything() const;
  /// What must hold at every moment: databases are sound, and the checkpoints that they name are
  /// whole. Gives what does not, a line each.
  std::vector<std::string> broken() const;
  /// Files that neither belong here nor are found by `gc`, which it runs.
  std::vector<std::string> strays() const;

 private:
  TemporaryDirectory folder_;
};

}  // namespace runner
