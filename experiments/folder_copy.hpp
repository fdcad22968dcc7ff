#pragma once

#include <filesystem>
#include <memory>

namespace runner {

/// A copy of a folder that appears whole or not at all. It is made in TO.tmp, which one process has
/// for itself: others that copy to the same place wait for it, and `gc` leaves it alone.
class FolderCopy {
 public:
  /// Copies, so that all is on disk; nothing, where `to` is there already. Throws StoreError.
  FolderCopy(std::filesystem::path from, std::filesystem::path to);
  ~FolderCopy();  ///< deletes what has not appeared
  FolderCopy(const FolderCopy&) = delete;
  FolderCopy& operator=(const FolderCopy&) = delete;

  /// From now on it is there, if it was not. Throws StoreError.
  void appear();

 private:
  class Lock;

  void copy();
  [[noreturn]] void fail(const std::exception& error) const;

  std::filesystem::path from_, to_, unfinished_;
  std::unique_ptr<Lock> lock_;  // none where there is nothing to do
};

/// Whether a process is copying into this folder TO.tmp.
bool is_being_copied(const std::filesystem::path& unfinished);

}  // namespace runner
