#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string_view>

namespace runner::preload {

/// Kinds of system calls, each with what goes by its name: `write` is pwrite, writev and sendfile,
/// too; `unlink` is rmdir.
inline constexpr std::array<std::string_view, 10> kinds{
    "open", "write", "fsync", "rename", "truncate", "mmap", "mkdir", "link", "unlink", "read"};

/// Shared between the library and the test: how often each kind was called, and how many failed.
struct Counts {
  std::array<std::atomic<std::uint64_t>, kinds.size()> calls;
  std::atomic<std::uint64_t> fired;
};

/// What is done to files, in order; `one` and `two` follow, of so many bytes.
struct Record {
  enum What : std::uint32_t {
    made_file,    ///< inode
    made_folder,  ///< inode
    linked,       ///< inode has the name `one` in the folder `parent`
    unlinked,     ///< the name `one` of the folder `parent`
    renamed,      ///< `one` of `parent` -> `two` of `other`
    exchanged,
    written,  ///< inode, at `offset`, the bytes `one`
    cut,      ///< inode, to `offset` bytes
    synced,   ///< inode
    said,     ///< `one` on standard output
  };
  What what;
  std::uint32_t one, two;
  std::uint64_t inode, parent, other, offset;
};

}  // namespace runner::preload
