#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

#include <sys/types.h>

namespace runner {

/// A file that appears whole or not at all: written beside it under a name that nothing else has,
/// ".runner-1f2e3d4c.tmp", then flushed and renamed. What a kill leaves behind has so nothing of
/// the target's name, by which another program might find it. Throws std::system_error, which names
/// the target.
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
  /// Where it is until then; others may write there, too.
  const std::filesystem::path& temporary() const { return temporary_; }

 private:
  std::filesystem::path target_;
  std::filesystem::path temporary_;
  int fd_;
};

}  // namespace runner
