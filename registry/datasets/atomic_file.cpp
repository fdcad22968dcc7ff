#include "registry/datasets/atomic_file.hpp"

#include "registry/datasets/fail.hpp"

#include <cerrno>
#include <random>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace runner {

AtomicFile::AtomicFile(std::filesystem::path target) : target_(std::move(target)) {
  std::random_device random;
  do {
    temporary_ = target_.parent_path() / fmt::format(".runner-{:08x}.tmp", random());
    fd_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  } while (fd_ < 0 && errno == EEXIST);
  if (fd_ < 0) fail(target_);
}

AtomicFile::AtomicFile(std::filesystem::path target, mode_t permissions)
    : AtomicFile(std::move(target)) {
  if (::fchmod(fd_, permissions) != 0) fail(target_);
}

AtomicFile::~AtomicFile() {
  if (fd_ < 0) return;
  ::close(fd_);
  ::unlink(temporary_.c_str());
}

void AtomicFile::write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const auto written = ::write(fd_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(target_);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

void AtomicFile::commit() {
  if (::fsync(fd_) != 0) fail(target_);
  if (::rename(temporary_.c_str(), target_.c_str()) != 0) fail(target_);
  ::close(fd_);
  fd_ = -1;
}

}  // namespace runner
