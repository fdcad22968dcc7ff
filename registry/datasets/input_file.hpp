#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <span>
#include <string>

#include <sys/stat.h>

namespace runner {

/// "a folder", "a named pipe", "a device" or "a socket"; empty for a regular file.
const char* what_else_it_is(const struct stat& status);

/// What tells one version of a file from the next without reading it: its size, the time of its
/// last change and its inode.
std::string version_of(const struct stat& status);
/// Empty where there is no such file.
std::string version_of(const std::filesystem::path& path);

/// A file, open to be read from its beginning. What is no regular file is refused at once: a named
/// pipe would be waited for, and a device may have no end.
class InputFile {
 public:
  /// Throws std::system_error, or std::runtime_error for what is no file.
  explicit InputFile(std::filesystem::path path);
  ~InputFile();
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  const std::filesystem::path& path() const { return path_; }
  int fd() const { return fd_; }
  /// As it was when the file was opened.
  std::size_t size() const { return static_cast<std::size_t>(status_.st_size); }
  const struct stat& status() const { return status_; }

  /// The next bytes, in the beginning of `into`; fewer only where the file ends.
  std::span<const std::byte> read(std::span<std::byte> into);
  /// All that follows, or so many bytes of it, piece by piece; gives how many there were.
  std::uint64_t for_each_piece(const std::function<void(std::span<const std::byte>)>& use,
                               std::uint64_t most = std::numeric_limits<std::uint64_t>::max());
  /// The next bytes from a place in the file.
  std::span<const std::byte> read_at(std::size_t offset, std::span<std::byte> into) const;

 private:
  std::filesystem::path path_;
  int fd_;
  struct stat status_ {};
  std::size_t position_ = 0;
};

}  // namespace runner
