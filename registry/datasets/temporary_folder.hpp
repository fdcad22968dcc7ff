#pragma once

#include <filesystem>
#include <string>

namespace runner {

/// An empty folder among the system's temporary files, which goes with its owner.
class TemporaryFolder {
 public:
  /// Its name begins with `prefix`. Throws std::system_error when it cannot be made.
  explicit TemporaryFolder(const std::string& prefix);
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace runner
