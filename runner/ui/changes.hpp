#pragma once

#include "experiments/store.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <thread>

namespace runner::ui {

/// Looks five times a second whether any process has written the database, by a counter of SQLite's
/// that costs no reading of tables; every two seconds whether a running run's process has died; and
/// settles what only others know, such as Slurm's jobs, twice a minute.
class Changes {
 public:
  Changes(std::filesystem::path database, std::function<void(Store&)> settle);
  ~Changes();
  Changes(const Changes&) = delete;
  Changes& operator=(const Changes&) = delete;

  /// Grows with every change.
  std::uint64_t count() const { return count_.load(); }

 private:
  void watch();
  void mark_ended_runs(Store& store);

  const std::filesystem::path database_;
  const std::function<void(Store&)> settle_;
  std::chrono::steady_clock::time_point marked_, settled_;
  std::atomic<std::uint64_t> count_ = 1;
  std::atomic<bool> stopped_ = false;
  std::thread watcher_;
};

}  // namespace runner::ui
