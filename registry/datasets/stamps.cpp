#include "registry/datasets/stamps.hpp"

#include "registry/datasets/digest.hpp"

#include <fstream>
#include <string>

#include <fmt/format.h>
#include <sys/stat.h>

namespace runner {
namespace {

/// What a stamp must say about the file as it is now; "" when there is no such file.
std::string describe(const std::filesystem::path& file, std::string_view sha256) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return "";
  return fmt::format("{} inode {} size {} modified {}.{:09} {}\n", sha256, status.st_ino,
                     status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec, file.string());
}

std::filesystem::path stamp_of(const std::filesystem::path& folder,
                               const std::filesystem::path& file) {
  return folder / sha256(file.string()).substr(0, 16);
}

}  // namespace

bool Stamps::has(const std::filesystem::path& file, std::string_view sha256) const {
  std::ifstream stamp(stamp_of(folder_, file));
  const std::string text(std::istreambuf_iterator<char>(stamp), {});
  return !text.empty() && text == describe(file, sha256);
}

void Stamps::add(const std::filesystem::path& file, std::string_view sha256) const {
  std::error_code ignored;
  std::filesystem::create_directories(folder_, ignored);
  std::ofstream(stamp_of(folder_, file)) << describe(file, sha256);
}

}  // namespace runner
