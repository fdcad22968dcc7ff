#include "registry/datasets/folder_lock.hpp"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace runner {
namespace {

bool lock(int fd, int operation) {
  while (::flock(fd, operation) != 0)
    if (errno != EINTR) return false;
  return true;
}

}  // namespace

FolderLock::FolderLock(const std::filesystem::path& folder, const std::function<void()>& on_wait) {
  std::filesystem::create_directories(folder);
  const auto path = folder / ".lock";
  fd_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd_ < 0) throw std::system_error(errno, std::generic_category(), path.string());
  if (lock(fd_, LOCK_EX | LOCK_NB)) return;
  if (errno == EWOULDBLOCK) {
    on_wait();
    if (lock(fd_, LOCK_EX)) return;
  }
  const int error = errno;
  ::close(fd_);
  throw std::system_error(error, std::generic_category(), path.string());
}

FolderLock::~FolderLock() { ::close(fd_); }

}  // namespace runner
