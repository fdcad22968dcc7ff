#pragma once

#include "registry/datasets/idx_archive.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace runner {

/// One search for an archive's files. It remembers each place that had nothing, and why.
class IdxSearch {
 public:
  IdxSearch(const IdxArchive& archive, const Preparation& preparation);

  /// The files of `folder` when it has all of them. Throws DataError when one is wrong.
  std::optional<Prepared> in_folder(const std::filesystem::path& folder);

  /// Like in_folder, but a damaged file is only a reason to fetch it again.
  std::optional<Prepared> in_cache();

  /// What the cache lacks comes from the first mirror that has it; other processes wait meanwhile.
  /// Throws DataUnavailable, which lists every place tried.
  Prepared from_mirrors(const std::vector<std::string>& mirrors);

  /// Remembers that `place` had nothing. Returns nothing too, for a search to end with.
  std::nullopt_t note(const std::string& place, const std::string& reason);

  /// Throws DataUnavailable, which lists every place tried.
  [[noreturn]] void give_up() const;

 private:
  FolderLock lock() const;
  std::filesystem::path unpacked(const IdxFile& file, const std::filesystem::path& found) const;
  bool fetch(const IdxFile& file, const std::string& mirror);
  std::string fetch_once(const IdxFile& file, const std::string& address,
                         const std::filesystem::path& part) const;

  const IdxArchive& archive_;
  const Preparation& preparation_;
  IdxCache cache_;
  std::vector<std::string> tried_;
};

}  // namespace runner
