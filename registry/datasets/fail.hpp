#pragma once

#include <cerrno>
#include <filesystem>
#include <system_error>

namespace runner {

/// Throws what the system says of the last call, with the file that it was about.
[[noreturn]] inline void fail(const std::filesystem::path& path, int error = errno) {
  throw std::system_error(error, std::generic_category(), path.string());
}

}  // namespace runner
