#pragma once

#include "experiments/run.hpp"
#include "experiments/sqlite.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace runner {

/// An open database of runs: of this program's schema version, with the runs of dead processes
/// marked as crashed.
class Store {
 public:
  /// Creates the file and its folder where they are missing.
  static Store create_or_open(const std::filesystem::path& file);
  /// For commands that only read. Throws UserError when there is no database yet.
  static Store open(const std::filesystem::path& file);

  /// Records a run as running, from now on, and gives its id.
  std::string begin(const Run& run);
  /// What only the running process can know.
  void set_device(std::string_view run_id, std::string_view device);
  void set_data(std::string_view run_id, std::string_view json);
  void set_versions(std::string_view run_id, std::string_view json);

  /// Runs of this host that claim to be running although their process has ended become `crashed`;
  /// gives their number. Opening does this, too.
  int mark_crashed_runs();

  Database& database() { return database_; }

 private:
  explicit Store(Database database);
  bool insert(std::string_view id, const Run& run);

  Database database_;
};

}  // namespace runner
