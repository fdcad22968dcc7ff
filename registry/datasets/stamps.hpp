#pragma once

#include <filesystem>
#include <string_view>

namespace runner {

/// Remembers which files were found to have which content, so that 47 MB are not hashed at each
/// start. A stamp holds while the file's path, size, modification time and inode stay the same.
class Stamps {
 public:
  explicit Stamps(std::filesystem::path folder) : folder_(std::move(folder)) {}

  bool has(const std::filesystem::path& file, std::string_view sha256) const;

  /// Silently does nothing where the folder cannot be written: then the file is hashed the next
  /// time too.
  void add(const std::filesystem::path& file, std::string_view sha256) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace runner
