// Loaded in front of libc (LD_PRELOAD) into the program under test. It counts system calls on files
// beneath a folder, makes one of them fail, or writes down what they do. All of it is asked for by
// the environment:
//   RUNNER_TRUST_ROOT=FOLDER         the files it is about
//   RUNNER_TRUST_PROCESS=runner      only in this program
//   RUNNER_TRUST_COUNTS=FILE         preload::Counts
//   RUNNER_TRUST_FAULT=write:28:7    the 7th `write` fails with errno 28; 0 writes half; `7+`: the
//   7th and all later RUNNER_TRUST_LOG=FILE            preload::Record; nothing is really flushed
//   to disk then

#include "tests/trust/preload.hpp"

#include <cerrno>
#include <climits>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string>

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

using namespace runner::preload;

namespace {

/// libc's own.
template <typename Function>
Function* real(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}
#define REAL(name) static auto* const real_##name = real<decltype(name)>(#name)

std::string variable(const char* name) {
  const char* text = std::getenv(name);
  return text ? text : "";
}

struct Plan {
  std::string root, log;
  std::string_view kind;
  int error = -1;
  std::uint64_t nth = 0;
  bool and_later = false, is_here = false;
  Counts* counts = nullptr;
  int log_fd = -1;

  Plan() {
    char self[PATH_MAX] = {};
    if (readlink("/proc/self/exe", self, sizeof self - 1) < 0) return;
    const std::string_view program =
        std::string_view(self).substr(std::string_view(self).rfind('/') + 1);
    root = variable("RUNNER_TRUST_ROOT");
    const auto only = variable("RUNNER_TRUST_PROCESS");
    is_here = !root.empty() && program.starts_with("runner") && (only.empty() || program == only);
    if (!is_here) return;
    read_fault();
    REAL(open);
    if (const auto file = variable("RUNNER_TRUST_COUNTS"); !file.empty()) {
      const int fd = real_open(file.c_str(), O_RDWR | O_CLOEXEC);
      REAL(mmap);
      counts = static_cast<Counts*>(
          real_mmap(nullptr, sizeof(Counts), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
    }
    if (const auto file = variable("RUNNER_TRUST_LOG"); !file.empty())
      log_fd = real_open(file.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  }

  void read_fault() {
    static const std::string text = variable("RUNNER_TRUST_FAULT");
    if (text.empty()) return;
    kind = std::string_view(text).substr(0, text.find(':'));
    error = std::atoi(text.c_str() + kind.size() + 1);
    nth = std::stoull(text.substr(text.rfind(':') + 1));
    and_later = text.ends_with("+");
  }
};

const Plan& plan() {
  static const Plan it;
  return it;
}

std::string path_of(int fd) {
  char path[PATH_MAX] = {};
  const auto link = "/proc/self/fd/" + std::to_string(fd);
  return readlink(link.c_str(), path, sizeof path - 1) < 0 ? "" : path;
}

bool is_output(const std::string& path) { return path.ends_with("/out") || path.ends_with("/err"); }

bool concerns(const std::string& path) {
  return plan().is_here && path.starts_with(plan().root + "/") && !is_output(path);
}

bool concerns(int fd) { return plan().is_here && concerns(path_of(fd)); }

bool concerns(int folder, const char* name) {
  if (!plan().is_here) return false;
  if (name[0] == '/') return concerns(std::string(name));
  char here[PATH_MAX] = {};
  if (folder == AT_FDCWD)
    return getcwd(here, sizeof here) && concerns(std::string(here) + "/" + name);
  return concerns(path_of(folder) + "/" + name);
}

/// Counts the call. Gives the error that it is to have, 0 for half of a write, or -1.
int fault(std::string_view kind) {
  const auto& it = plan();
  if (!it.counts) return -1;
  std::size_t number = 0;
  while (kinds[number] != kind) ++number;
  const auto call = ++it.counts->calls[number];
  if (kind != it.kind || (it.and_later ? call < it.nth : call != it.nth)) return -1;
  ++it.counts->fired;
  return it.error;
}

bool fails(std::string_view kind) {
  const int error = fault(kind);
  if (error <= 0) return false;
  errno = error;
  return true;
}

/// One at a time, in this process and in others, from the call to its record.
class Logging {
 public:
  Logging() {
    if (!on()) return;
    mutex().lock();
    flock(plan().log_fd, LOCK_EX);
  }
  ~Logging() {
    if (!on()) return;
    const int error = errno;
    flock(plan().log_fd, LOCK_UN);
    mutex().unlock();
    errno = error;
  }
  Logging(const Logging&) = delete;
  Logging& operator=(const Logging&) = delete;

  static bool on() { return plan().log_fd >= 0; }

  void add(Record record, std::string_view one = {}, std::string_view two = {}) const {
    if (!on()) return;
    const int error = errno;
    record.one = static_cast<std::uint32_t>(one.size());
    record.two = static_cast<std::uint32_t>(two.size());
    std::string bytes(reinterpret_cast<const char*>(&record), sizeof record);
    bytes.append(one).append(two);
    REAL(write);
    if (real_write(plan().log_fd, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()))
      std::abort();
    errno = error;
  }

 private:
  static std::recursive_mutex& mutex() {
    static std::recursive_mutex it;
    return it;
  }
};

std::uint64_t inode_of(int fd) {
  struct stat status {};
  return fstat(fd, &status) == 0 ? status.st_ino : 0;
}

std::uint64_t inode_of(int folder, const char* name) {
  struct stat status {};
  const int error = errno;
  const bool there = fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0;
  errno = error;
  return there ? status.st_ino : 0;
}

/// A name and the inode of the folder that it is in.
struct Place {
  std::uint64_t parent;
  std::string name;
};

Place place(int folder, const char* path) {
  std::string text = path;
  while (text.size() > 1 && text.ends_with('/')) text.pop_back();
  const auto slash = text.rfind('/');
  if (slash == text.npos)
    return {folder == AT_FDCWD ? inode_of(AT_FDCWD, ".") : inode_of(folder), text};
  struct stat status {};
  const auto parent = slash == 0 ? "/" : text.substr(0, slash);
  return {fstatat(folder, parent.c_str(), &status, 0) == 0 ? status.st_ino : 0,
          text.substr(slash + 1)};
}

bool is_shared_memory(std::string_view path) { return path.ends_with("-shm"); }

template <typename Open>
int open_and_log(int folder, const char* name, int flags, const Open& open_it) {
  if (!concerns(folder, name)) return open_it();
  if (fails("open")) return -1;
  if (!Logging::on() || is_shared_memory(name)) return open_it();
  const Logging log;
  const bool has_no_name = (flags & O_TMPFILE) == O_TMPFILE;
  const auto before = inode_of(folder, name);
  const int fd = open_it();
  if (fd < 0) return fd;
  if (has_no_name || (before == 0 && (flags & O_CREAT) != 0)) {
    log.add({Record::made_file, 0, 0, inode_of(fd), 0, 0, 0});
    if (!has_no_name) {
      const auto at = place(folder, name);
      log.add({Record::linked, 0, 0, inode_of(fd), at.parent, 0, 0}, at.name);
    }
  } else if ((flags & O_TRUNC) != 0) {
    log.add({Record::cut, 0, 0, inode_of(fd), 0, 0, 0});
  }
  return fd;
}

bool is_logged(int fd) { return Logging::on() && concerns(fd) && !is_shared_memory(path_of(fd)); }

/// What a call has put into a file, read back from there.
std::string read_back(int fd, off_t offset, ssize_t size) {
  std::string bytes(static_cast<std::size_t>(size), '\0');
  REAL(open);
  const int reader =
      real_open(("/proc/self/fd/" + std::to_string(fd)).c_str(), O_RDONLY | O_CLOEXEC);
  REAL(pread);
  const auto got = real_pread(reader, bytes.data(), bytes.size(), offset);
  close(reader);
  if (got != size) std::abort();
  return bytes;
}

/// `offset` below 0: where the file stands.
template <typename Write>
ssize_t write_and_log(int fd, std::size_t size, off_t offset, const Write& write_it) {
  if (!plan().is_here || !concerns(fd)) return write_it(size);
  const int error = fault("write");
  if (error > 0) {
    errno = error;
    return -1;
  }
  if (error == 0 && size > 1) size /= 2;
  if (!is_logged(fd)) return write_it(size);
  const Logging log;
  const auto written = write_it(size);
  if (written <= 0) return written;
  const auto from = offset >= 0 ? offset : lseek(fd, 0, SEEK_CUR) - written;
  log.add({Record::written, 0, 0, inode_of(fd), 0, 0, static_cast<std::uint64_t>(from)},
          read_back(fd, from, written));
  return written;
}

template <typename Cut>
int cut_and_log(int fd, off_t size, const Cut& cut_it) {
  if (!plan().is_here || !concerns(fd)) return cut_it();
  if (fails("truncate")) return -1;
  if (!is_logged(fd)) return cut_it();
  const Logging log;
  const int result = cut_it();
  if (result == 0)
    log.add({Record::cut, 0, 0, inode_of(fd), 0, 0, static_cast<std::uint64_t>(size)});
  return result;
}

template <typename Sync>
int sync_and_log(int fd, const Sync& sync_it) {
  if (!plan().is_here || !concerns(fd)) return sync_it();
  if (fails("fsync")) return -1;
  if (!Logging::on()) return sync_it();
  const Logging log;
  log.add({Record::synced, 0, 0, inode_of(fd), 0, 0, 0});
  return 0;
}

template <typename Rename>
int rename_and_log(int from_folder, const char* from, int to_folder, const char* to, bool exchanges,
                   const Rename& rename_it) {
  if (!concerns(from_folder, from) && !concerns(to_folder, to)) return rename_it();
  if (fails("rename")) return -1;
  const Logging log;
  const auto source = place(from_folder, from), target = place(to_folder, to);
  const int result = rename_it();
  if (result == 0)
    log.add(
        {exchanges ? Record::exchanged : Record::renamed, 0, 0, 0, source.parent, target.parent, 0},
        source.name, target.name);
  return result;
}

template <typename Unlink>
int unlink_and_log(int folder, const char* name, const Unlink& unlink_it) {
  if (!concerns(folder, name)) return unlink_it();
  if (fails("unlink")) return -1;
  if (is_shared_memory(name)) return unlink_it();
  const Logging log;
  const auto at = place(folder, name);
  const int result = unlink_it();
  if (result == 0) log.add({Record::unlinked, 0, 0, 0, at.parent, 0, 0}, at.name);
  return result;
}

template <typename Make>
int mkdir_and_log(int folder, const char* name, const Make& make_it) {
  if (!concerns(folder, name)) return make_it();
  if (fails("mkdir")) return -1;
  const Logging log;
  const int result = make_it();
  if (result != 0) return result;
  const auto at = place(folder, name);
  const auto inode = inode_of(folder, name);
  log.add({Record::made_folder, 0, 0, inode, 0, 0, 0});
  log.add({Record::linked, 0, 0, inode, at.parent, 0, 0}, at.name);
  return result;
}

mode_t mode_of(int flags, va_list& rest) {
  const bool has_mode = (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE;
  return has_mode ? va_arg(rest, mode_t) : 0;
}

int flags_of(const char* mode) {
  const int access = std::strchr(mode, '+') ? O_RDWR : mode[0] == 'r' ? O_RDONLY : O_WRONLY;
  return access | (mode[0] == 'w' ? O_CREAT | O_TRUNC : mode[0] == 'a' ? O_CREAT | O_APPEND : 0);
}

std::size_t total(const iovec* pieces, int count) {
  std::size_t size = 0;
  for (int i = 0; i < count; ++i) size += pieces[i].iov_len;
  return size;
}

}  // namespace

extern "C" {

#define OPEN(name)                                                                              \
  int name(const char* path, int flags, ...) {                                                  \
    va_list rest;                                                                               \
    va_start(rest, flags);                                                                      \
    const auto mode = mode_of(flags, rest);                                                     \
    va_end(rest);                                                                               \
    REAL(name);                                                                                 \
    return open_and_log(AT_FDCWD, path, flags, [&] { return real_##name(path, flags, mode); }); \
  }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                             \
  int name(int folder, const char* path, int flags, ...) {                       \
    va_list rest;                                                                \
    va_start(rest, flags);                                                       \
    const auto mode = mode_of(flags, rest);                                      \
    va_end(rest);                                                                \
    REAL(name);                                                                  \
    return open_and_log(folder, path, flags,                                     \
                        [&] { return real_##name(folder, path, flags, mode); }); \
  }
OPENAT(openat)
OPENAT(openat64)

#define FOPEN(name)                                    \
  FILE* name(const char* path, const char* mode) {     \
    REAL(name);                                        \
    FILE* file = nullptr;                              \
    open_and_log(AT_FDCWD, path, flags_of(mode), [&] { \
      file = real_##name(path, mode);                  \
      return file ? fileno(file) : -1;                 \
    });                                                \
    return file;                                       \
  }
FOPEN(fopen)
FOPEN(fopen64)

ssize_t write(int fd, const void* bytes, size_t size) {
  REAL(write);
  return write_and_log(fd, size, -1, [&](size_t part) { return real_write(fd, bytes, part); });
}

ssize_t pwrite(int fd, const void* bytes, size_t size, off_t offset) {
  REAL(pwrite);
  return write_and_log(fd, size, offset,
                       [&](size_t part) { return real_pwrite(fd, bytes, part, offset); });
}

ssize_t pwrite64(int fd, const void* bytes, size_t size, off64_t offset) {
  REAL(pwrite64);
  return write_and_log(fd, size, offset,
                       [&](size_t part) { return real_pwrite64(fd, bytes, part, offset); });
}

ssize_t writev(int fd, const iovec* pieces, int count) {
  REAL(writev);
  return write_and_log(fd, total(pieces, count), -1, [&](size_t part) {
    if (part == total(pieces, count)) return real_writev(fd, pieces, count);
    REAL(write);
    return real_write(fd, pieces[0].iov_base, pieces[0].iov_len);
  });
}

ssize_t sendfile(int to, int from, off_t* offset, size_t size) noexcept {
  REAL(sendfile);
  return write_and_log(to, size, -1,
                       [&](size_t part) { return real_sendfile(to, from, offset, part); });
}

ssize_t sendfile64(int to, int from, off64_t* offset, size_t size) noexcept {
  REAL(sendfile64);
  return write_and_log(to, size, -1,
                       [&](size_t part) { return real_sendfile64(to, from, offset, part); });
}

ssize_t copy_file_range(int from, off64_t* from_at, int to, off64_t* to_at, size_t size,
                        unsigned flags) {
  REAL(copy_file_range);
  return write_and_log(to, size, to_at ? *to_at : -1, [&](size_t part) {
    return real_copy_file_range(from, from_at, to, to_at, part, flags);
  });
}

ssize_t pread(int fd, void* bytes, size_t size, off_t offset) {
  REAL(pread);
  if (plan().is_here && concerns(fd) && fails("read")) return -1;
  return real_pread(fd, bytes, size, offset);
}

ssize_t pread64(int fd, void* bytes, size_t size, off64_t offset) {
  REAL(pread64);
  if (plan().is_here && concerns(fd) && fails("read")) return -1;
  return real_pread64(fd, bytes, size, offset);
}

int ftruncate(int fd, off_t size) noexcept {
  REAL(ftruncate);
  return cut_and_log(fd, size, [&] { return real_ftruncate(fd, size); });
}

int ftruncate64(int fd, off64_t size) noexcept {
  REAL(ftruncate64);
  return cut_and_log(fd, size, [&] { return real_ftruncate64(fd, size); });
}

int fsync(int fd) {
  REAL(fsync);
  return sync_and_log(fd, [&] { return real_fsync(fd); });
}

int fdatasync(int fd) {
  REAL(fdatasync);
  return sync_and_log(fd, [&] { return real_fdatasync(fd); });
}

int rename(const char* from, const char* to) noexcept {
  REAL(rename);
  return rename_and_log(AT_FDCWD, from, AT_FDCWD, to, false, [&] { return real_rename(from, to); });
}

int renameat2(int from_folder, const char* from, int to_folder, const char* to,
              unsigned flags) noexcept {
  REAL(renameat2);
  return rename_and_log(from_folder, from, to_folder, to, (flags & RENAME_EXCHANGE) != 0,
                        [&] { return real_renameat2(from_folder, from, to_folder, to, flags); });
}

int linkat(int from_folder, const char* from, int to_folder, const char* to, int flags) noexcept {
  REAL(linkat);
  if (!concerns(to_folder, to)) return real_linkat(from_folder, from, to_folder, to, flags);
  if (fails("link")) return -1;
  const Logging log;
  const int result = real_linkat(from_folder, from, to_folder, to, flags);
  const auto at = place(to_folder, to);
  if (result == 0)
    log.add({Record::linked, 0, 0, inode_of(to_folder, to), at.parent, 0, 0}, at.name);
  return result;
}

int unlink(const char* path) noexcept {
  REAL(unlink);
  return unlink_and_log(AT_FDCWD, path, [&] { return real_unlink(path); });
}

int unlinkat(int folder, const char* path, int flags) noexcept {
  REAL(unlinkat);
  return unlink_and_log(folder, path, [&] { return real_unlinkat(folder, path, flags); });
}

int remove(const char* path) noexcept {
  REAL(remove);
  return unlink_and_log(AT_FDCWD, path, [&] { return real_remove(path); });
}

int rmdir(const char* path) noexcept {
  REAL(rmdir);
  return unlink_and_log(AT_FDCWD, path, [&] { return real_rmdir(path); });
}

int mkdir(const char* path, mode_t mode) noexcept {
  REAL(mkdir);
  return mkdir_and_log(AT_FDCWD, path, [&] { return real_mkdir(path, mode); });
}

int mkdirat(int folder, const char* path, mode_t mode) noexcept {
  REAL(mkdirat);
  return mkdir_and_log(folder, path, [&] { return real_mkdirat(folder, path, mode); });
}

void* mmap(void* where, size_t size, int protection, int flags, int fd, off_t offset) noexcept {
  REAL(mmap);
  if (fd >= 0 && plan().is_here && concerns(fd) && fails("mmap")) return MAP_FAILED;
  return real_mmap(where, size, protection, flags, fd, offset);
}

void* mmap64(void* where, size_t size, int protection, int flags, int fd, off64_t offset) noexcept {
  REAL(mmap64);
  if (fd >= 0 && plan().is_here && concerns(fd) && fails("mmap")) return MAP_FAILED;
  return real_mmap64(where, size, protection, flags, fd, offset);
}

/// What has been said, and stands in the file that standard output is.
int fflush(FILE* file) {
  REAL(fflush);
  const int result = real_fflush(file);
  static off_t said = 0;
  if (file != stdout || !Logging::on()) return result;
  const Logging log;
  const auto end = lseek(STDOUT_FILENO, 0, SEEK_CUR);
  if (end > said)
    log.add({Record::said, 0, 0, 0, 0, 0, 0}, read_back(STDOUT_FILENO, said, end - said));
  said = end > said ? end : said;
  return result;
}

}  // extern "C"
