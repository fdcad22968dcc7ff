#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

#include <sys/types.h>

namespace runner {

/// A file that appears whole or not at all, and is on disk when commit() has come back. Until then
/// it has no name, so that a kill leaves nothing; where the file system has no such files (NFS), or
/// after give_name(), it is ".runner-1f2e3d4c.tmp" beside the target, with nothing of the target's
/// name by which another program might find it, and what a kill leaves goes with the next file that
/// is made there. Throws std::system_error, which names the target.
class AtomicFile {
 public:
  explicit AtomicFile(std::filesystem::path target);
  /// With these permissions, whatever the umask.
  AtomicFile(std::filesystem::path target, mode_t permissions);
  ~AtomicFile();  ///< deletes what was not committed
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(std::span<const std::byte> bytes);
  void commit();
  /// Opens the unfinished file, in this process.
  std::filesystem::path path() const;
  /// The same for who must know its name (SQLite).
  const std::filesystem::path& give_name();

 private:
  void open_with_name();
  void link_to(const std::filesystem::path& name) const;

  std::filesystem::path target_;
  std::filesystem::path name_;  // empty for none
  int fd_ = -1;
};

/// The names in a folder are on disk. Throws std::system_error.
void sync_folder(const std::filesystem::path& folder);

/// Makes the folder and those above it, which are on disk then. Throws std::system_error.
void make_folders(const std::filesystem::path& folder);

}  // namespace runner
