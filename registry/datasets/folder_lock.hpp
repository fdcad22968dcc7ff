#pragma once

#include <filesystem>
#include <functional>

namespace runner {

/// Keeps other processes from writing to a folder, which it creates. The kernel frees the lock of a
/// process that dies. Throws std::system_error, also where the file system cannot lock.
class FolderLock {
 public:
  /// `on_wait` is called once when another process holds the lock.
  FolderLock(const std::filesystem::path& folder, const std::function<void()>& on_wait);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int fd_;
};

}  // namespace runner
