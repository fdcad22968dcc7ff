#include "registry/datasets/mapped_file.hpp"

#include "registry/datasets/fail.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace runner {
namespace {

struct Descriptor {
  int fd;
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
};

std::size_t size_of(int fd, const std::filesystem::path& path) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) fail(path);
  if (!S_ISREG(status.st_mode)) fail(path, S_ISDIR(status.st_mode) ? EISDIR : EINVAL);
  return static_cast<std::size_t>(status.st_size);
}

}  // namespace

MappedFile map_file(const std::filesystem::path& path) {
  // O_NONBLOCK: a named pipe is refused at once instead of waited for.
  const Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (file.fd < 0) fail(path);
  const auto size = size_of(file.fd, path);
  if (size == 0) return {};
  void* const address = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file.fd, 0);
  if (address == MAP_FAILED) fail(path);
  ::madvise(address, size, MADV_WILLNEED);
  return {{static_cast<const std::byte*>(address), size},
          std::shared_ptr<const void>(address, [size](void* mapped) { ::munmap(mapped, size); })};
}

}  // namespace runner
