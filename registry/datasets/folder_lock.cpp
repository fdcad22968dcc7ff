#include "registry/datasets/folder_lock.hpp"

#include "registry/datasets/fail.hpp"
#include "registry/datasets/prepared.hpp"

#include <cerrno>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

namespace runner {
namespace {

bool lock(int fd, int operation) {
  while (::flock(fd, operation) != 0)
    if (errno != EINTR) return false;
  return true;
}

[[noreturn]] void refuse(const std::filesystem::path& folder, const std::string& reason) {
  throw DataError(
      fmt::format("cannot write the cache folder {}: {}; RUNNER_CACHE_DIR names another",
                  folder.string(), reason));
}

}  // namespace

FolderLock::FolderLock(const std::filesystem::path& folder, const std::function<void()>& on_wait) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) refuse(folder, error.message());
  const auto path = folder / ".lock";
  fd_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd_ < 0) refuse(folder, reason_of(errno));
  if (lock(fd_, LOCK_EX | LOCK_NB)) return;
  if (errno == EWOULDBLOCK) {
    on_wait();
    if (lock(fd_, LOCK_EX)) return;
  }
  const auto reason = reason_of(errno);
  ::close(fd_);
  refuse(folder, reason);
}

FolderLock::~FolderLock() { ::close(fd_); }

}  // namespace runner
