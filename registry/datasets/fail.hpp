#pragma once

#include <cerrno>
#include <filesystem>
#include <string>
#include <system_error>

namespace runner {

/// What the system says of an error of its own, in words that say what to do.
inline std::string reason_of(int error) {
  if (error == EFBIG)
    return "the file would be larger than is allowed here (ulimit -f, or the file system's limit)";
  return std::generic_category().message(error);
}

/// An error of the system's whose text is reason_of().
class FileErrors : public std::error_category {
 public:
  const char* name() const noexcept override { return "file"; }
  std::string message(int error) const override { return reason_of(error); }
  std::error_condition default_error_condition(int error) const noexcept override {
    return std::generic_category().default_error_condition(error);
  }
};

inline const std::error_category& file_errors() {
  static const FileErrors category;
  return category;
}

/// Throws what the system says of the last call, with the file that it was about.
[[noreturn]] inline void fail(const std::filesystem::path& path, int error = errno) {
  throw std::system_error(error, file_errors(), path.string());
}

}  // namespace runner
