#include "registry/datasets/atomic_file.hpp"

#include "registry/datasets/fail.hpp"

#include <algorithm>
#include <cerrno>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace runner {
namespace {

namespace fs = std::filesystem;

fs::path folder_of(const fs::path& file) {
  return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

constexpr std::string_view beginning = ".runner-", ending = ".tmp";

fs::path beside(const fs::path& target) {
  std::random_device random;
  return folder_of(target) / fmt::format("{}{:08x}{}", beginning, random(), ending);
}

/// Whether the name is one that beside() gives.
bool is_beside(const std::string& name) {
  return name.starts_with(beginning) && name.ends_with(ending) &&
         name.size() == beginning.size() + 8 + ending.size() &&
         name.find_first_not_of("0123456789abcdef", beginning.size()) == beginning.size() + 8;
}

int sync(int fd) {
  int result = 0;
  do result = ::fsync(fd);
  while (result != 0 && errno == EINTR);
  return result;
}

/// Whoever writes to a file with a name holds its lock.
void remove_left_behind(const fs::path& target) {
  std::error_code ignored;
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(folder_of(target), ignored))
    if (is_beside(entry.path().filename().string())) found.push_back(entry.path());
  for (const auto& file : found) {
    const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) continue;
    if (::flock(fd, LOCK_EX | LOCK_NB) == 0) ::unlink(file.c_str());
    ::close(fd);
  }
}

}  // namespace

AtomicFile::AtomicFile(fs::path target) : target_(std::move(target)) {
  remove_left_behind(target_);
  fd_ = ::open(folder_of(target_).c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0644);
  if (fd_ < 0 && (errno == EOPNOTSUPP || errno == EISDIR)) open_with_name();
  if (fd_ < 0) fail(target_);
}

void AtomicFile::open_with_name() {
  while (true) {
    name_ = beside(target_);
    fd_ = ::open(name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (fd_ < 0 && errno == EEXIST) continue;
    if (fd_ < 0) return;
    ::flock(fd_, LOCK_EX);
    // Before it was locked, another process may have taken it for one that was left behind.
    struct stat status {};
    if (::fstat(fd_, &status) == 0 && status.st_nlink > 0) return;
    ::close(std::exchange(fd_, -1));
  }
}

AtomicFile::AtomicFile(std::filesystem::path target, mode_t permissions)
    : AtomicFile(std::move(target)) {
  if (::fchmod(fd_, permissions) != 0) fail(target_);
}

AtomicFile::~AtomicFile() {
  if (fd_ < 0) return;
  if (!name_.empty()) ::unlink(name_.c_str());
  ::close(fd_);
}

void AtomicFile::write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(fd_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(target_);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

fs::path AtomicFile::path() const { return fmt::format("/proc/self/fd/{}", fd_); }

void AtomicFile::link_to(const fs::path& name) const {
  if (::linkat(AT_FDCWD, path().c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) != 0)
    fail(target_);
}

const fs::path& AtomicFile::give_name() {
  if (name_.empty()) {
    ::flock(fd_, LOCK_EX);
    const auto name = beside(target_);
    link_to(name);
    name_ = name;
  }
  return name_;
}

void AtomicFile::commit() {
  if (sync(fd_) != 0) fail(target_);
  // A link does not take the place of a file that is there, a renamed file does.
  if (::rename(give_name().c_str(), target_.c_str()) != 0) fail(target_);
  name_.clear();
  sync_folder(folder_of(target_));
}

void sync_folder(const fs::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) fail(folder);
  const int result = sync(fd);
  const int error = errno;
  ::close(fd);
  if (result != 0 && error != EINVAL) fail(folder, error);  // some file systems cannot
}

void make_folders(const fs::path& folder) {
  if (folder.empty() || fs::is_directory(folder)) return;
  make_folders(folder.parent_path());
  fs::create_directory(folder);
  sync_folder(folder_of(folder));
}

}  // namespace runner
