#include "experiments/folder_copy.hpp"

#include "experiments/durable.hpp"
#include "experiments/error.hpp"
#include "experiments/permissions.hpp"

#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace runner {

namespace fs = std::filesystem;

class FolderCopy::Lock {
 public:
  explicit Lock(const fs::path& folder)
      : fd_(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    if (fd_ >= 0) flock(fd_, LOCK_EX);  // NFS may have no locks: then it goes without
  }
  ~Lock() {
    if (fd_ >= 0) close(fd_);
  }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

  /// Whether what is locked still has this name.
  bool is_of(const fs::path& folder) const {
    struct stat mine {
    }, there{};
    return fstat(fd_, &mine) == 0 && stat(folder.c_str(), &there) == 0 &&
           mine.st_ino == there.st_ino && mine.st_dev == there.st_dev;
  }

 private:
  int fd_;
};

FolderCopy::FolderCopy(fs::path from, fs::path to)
    : from_(std::move(from)), to_(std::move(to)), unfinished_(to_.string() + ".tmp") {
  make_folder(to_.parent_path());
  try {
    while (!fs::exists(to_)) {
      fs::create_directory(unfinished_);
      lock_ = std::make_unique<Lock>(unfinished_);
      // Whoever had it before has finished, or given up.
      if (lock_->is_of(unfinished_)) {
        copy();
        return;
      }
      lock_.reset();
    }
  } catch (const std::exception& error) {
    if (lock_) {
      std::error_code ignored;
      fs::remove_all(unfinished_, ignored);
    }
    fail(error);
  }
}

FolderCopy::~FolderCopy() {
  std::error_code ignored;
  if (lock_) fs::remove_all(unfinished_, ignored);
}

void FolderCopy::copy() {
  for (const auto& left : fs::directory_iterator(unfinished_)) fs::remove_all(left.path());
  fs::copy(from_, unfinished_, fs::copy_options::recursive);
  std::error_code error;
  set_permissions(unfinished_, error);
  if (error) throw fs::filesystem_error("cannot set permissions", unfinished_, error);
  make_durable(unfinished_);
}

void FolderCopy::appear() {
  if (!lock_) return;
  try {
    fs::rename(unfinished_, to_);
    lock_.reset();
    make_names_durable(to_.parent_path());
  } catch (const fs::filesystem_error& error) {
    fail(error);
  }
}

void FolderCopy::fail(const std::exception& error) const {
  const auto* of_file = dynamic_cast<const fs::filesystem_error*>(&error);
  throw StoreError(fmt::format("cannot copy {} to {}: {}", from_.string(), to_.string(),
                               of_file ? of_file->code().message() : error.what()));
}

bool is_being_copied(const fs::path& unfinished) {
  const int fd = open(unfinished.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool is_locked = flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  close(fd);
  return is_locked;
}

}  // namespace runner
