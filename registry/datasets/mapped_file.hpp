#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>

namespace runner {

/// A whole file, read-only, in the page cache that all processes of the machine share.
struct MappedFile {
  std::span<const std::byte> bytes;
  std::shared_ptr<const void> owner;
};

/// Throws std::system_error. Replacing or deleting the file later is harmless, since the mapping
/// keeps the old content; a file that is truncated in place while it is mapped ends its readers
/// with SIGBUS. The cache only ever renames whole files into place; folders that a user names must
/// be left alone while a run lasts.
MappedFile map_file(const std::filesystem::path& path);

}  // namespace runner
