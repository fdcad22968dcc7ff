#pragma once

#include "registry/data/array.hpp"
#include "registry/datasets/mapped_file.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace runner {

/// A zip file of .npy files, as numpy.savez writes it: what was stored without compression lies in
/// the mapped file, other arrays are unpacked when they are asked for.
class NpzFile {
 public:
  /// Throws DataError for what is no zip file.
  explicit NpzFile(const std::filesystem::path& path);

  /// Without ".npy", in the order of the file.
  const std::vector<std::string>& names() const { return names_; }
  /// Throws DataError for an array that cannot be read; `name` is one of names().
  Array array(const std::string& name) const;

 private:
  std::filesystem::path path_;
  MappedFile file_;
  std::vector<std::string> names_;
};

}  // namespace runner
