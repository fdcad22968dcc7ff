#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <thread>

namespace runner::ui {

/// Looks five times a second whether any process has written the database, by a counter of SQLite's
/// that costs no reading of tables; and every two seconds whether a running run's process has died.
class Changes {
 public:
  explicit Changes(std::filesystem::path database);
  ~Changes();
  Changes(const Changes&) = delete;
  Changes& operator=(const Changes&) = delete;

  /// Grows with every change.
  std::uint64_t count() const { return count_.load(); }

 private:
  void watch();

  const std::filesystem::path database_;
  std::atomic<std::uint64_t> count_ = 1;
  std::atomic<bool> stopped_ = false;
  std::thread watcher_;
};

}  // namespace runner::ui
