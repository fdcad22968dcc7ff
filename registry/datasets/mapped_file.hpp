#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

namespace runner {

struct Mapping;

/// A whole file, read-only, in the page cache that all processes of the machine share. Replacing or
/// deleting the file is harmless, since the mapping keeps the old content. One that is truncated or
/// written to in place is not what it was: then its bytes mean nothing, and check() says so.
/// Reading them is safe all the same: what is no longer there reads as zeros.
struct MappedFile {
  std::span<const std::byte> bytes;
  std::shared_ptr<const Mapping> owner;

  /// See version_of(); empty for an empty file.
  std::string version() const;
  /// Throws std::runtime_error with the file's name unless all that was read so far is what was
  /// mapped. To be called before something is made of it that lasts.
  void check() const;
};

/// Throws std::system_error, or std::runtime_error for what is no file.
MappedFile map_file(const std::filesystem::path& path);

/// check() of all files that this process has mapped: one look at each.
void check_mapped_files();

}  // namespace runner
