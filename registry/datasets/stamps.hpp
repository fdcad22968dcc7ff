#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace runner {

/// Remembers which files were found to have which content, so that 47 MB are not hashed at each
/// start. A stamp holds while the file's path, size, modification time and inode stay the same.
class Stamps {
 public:
  explicit Stamps(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// What the file was found to have; empty where it is not known, or the file is another by now.
  std::optional<std::string> find(const std::filesystem::path& file) const;
  bool has(const std::filesystem::path& file, std::string_view digest) const;

  /// Silently does nothing where the folder cannot be written: then the file is hashed the next
  /// time too.
  void add(const std::filesystem::path& file, std::string_view digest) const;

 private:
  std::filesystem::path folder_;
};

/// content_digest() of any file; what was found stays in the cache, where that can be written.
std::string known_content_digest(const std::filesystem::path& file);

}  // namespace runner
