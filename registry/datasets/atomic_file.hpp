#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

namespace runner {

/// A file that appears whole or not at all: written under "NAME.tmp", then flushed and renamed.
/// One writer at a time (see FolderLock). Throws std::system_error.
class AtomicFile {
 public:
  explicit AtomicFile(std::filesystem::path target);
  ~AtomicFile();  ///< deletes what was not committed
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(std::span<const std::byte> bytes);
  void commit();
  const std::filesystem::path& temporary() const { return temporary_; }

 private:
  std::filesystem::path target_;
  std::filesystem::path temporary_;
  int fd_;
};

}  // namespace runner
