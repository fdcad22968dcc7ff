#pragma once

#include "registry/datasets/folder_lock.hpp"
#include "registry/datasets/stamps.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace runner {

/// One IDX file of a published dataset.
struct IdxFile {
  std::string role;                 ///< "train-images"
  std::string name;                 ///< "train-images-idx3-ubyte"; packed files add ".gz"
  std::vector<std::int64_t> shape;  ///< [60000, 28, 28]
  std::string sha256;               ///< of the unpacked content: the mirrors' packed bytes differ
};

/// `${RUNNER_CACHE_DIR:-${XDG_CACHE_HOME:-~/.cache}/runner}`. Throws DataError when none of the
/// three is set.
std::filesystem::path cache_folder();

/// The folder that holds a dataset's unpacked files. A file gets its name there only after its
/// content was checked, and is never written to again.
class IdxCache {
 public:
  explicit IdxCache(std::filesystem::path folder);

  const std::filesystem::path& folder() const { return folder_; }
  std::filesystem::path path_of(const IdxFile& file) const { return folder_ / file.name; }
  FolderLock lock(const std::function<void()>& on_wait) const { return {folder_, on_wait}; }

  /// Throws DataError unless the unpacked file `path`, here or elsewhere, has the published
  /// content.
  void check(const IdxFile& file, const std::filesystem::path& path) const;

  bool holds(const IdxFile& file) const;

  /// True when the cache holds what this version of `packed` was found to unpack to.
  bool holds_content_of(const IdxFile& file, const std::filesystem::path& packed) const;

  /// Unpacks into the cache; the caller holds the lock. Returns why that is not the published
  /// content, or "".
  std::string unpack(const IdxFile& file, const std::filesystem::path& packed) const;

  /// Unpacks a file that the user may keep, once. Throws DataError.
  void adopt(const IdxFile& file, const std::filesystem::path& packed) const;

 private:
  std::string problem_of(const IdxFile& file, const std::filesystem::path& unpacked) const;

  std::filesystem::path folder_;
  Stamps stamps_;
};

}  // namespace runner
