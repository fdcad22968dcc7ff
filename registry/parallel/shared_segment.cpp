#include "registry/parallel/shared_segment.hpp"

#include <filesystem>
#include <random>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

namespace runner {
namespace {

namespace fs = std::filesystem;

/// That a process with the same number on another host, or in another container, does not have.
std::string unlikely_name() {
  std::random_device random;
  return fmt::format("runner-{:08x}{:08x}{:08x}{:08x}", random(), random(), random(), random());
}

}  // namespace

std::optional<SharedSegment> SharedSegment::create(std::size_t bytes) {
  const auto name = unlikely_name();
  const int file = memfd_create(name.c_str(), MFD_CLOEXEC);
  if (file < 0) return std::nullopt;
  if (ftruncate(file, static_cast<off_t>(bytes)) != 0) {
    close(file);
    return std::nullopt;
  }
  return map(fmt::format("/proc/{}/fd/{} {}", getpid(), file, name), file, bytes);
}

std::optional<SharedSegment> SharedSegment::open(const std::string& name, std::size_t bytes) {
  const auto space = name.find(' ');
  if (space == std::string::npos) return std::nullopt;
  const auto link = name.substr(0, space);
  std::error_code not_there;
  const auto target = fs::read_symlink(link, not_there).string();
  if (not_there || !target.starts_with("/memfd:" + name.substr(space + 1))) return std::nullopt;
  const int file = ::open(link.c_str(), O_RDWR | O_CLOEXEC);
  return file < 0 ? std::nullopt : map(name, file, bytes);
}

std::optional<SharedSegment> SharedSegment::map(std::string name, int file, std::size_t bytes) {
  void* data = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (data == MAP_FAILED) {
    close(file);
    return std::nullopt;
  }
  return SharedSegment(std::move(name), file, bytes, static_cast<std::byte*>(data));
}

SharedSegment::SharedSegment(SharedSegment&& other) noexcept
    : name_(std::move(other.name_)),
      file_(other.file_),
      bytes_(other.bytes_),
      data_(std::exchange(other.data_, nullptr)) {}

SharedSegment::~SharedSegment() {
  if (!data_) return;
  munmap(data_, bytes_);
  close(file_);
}

}  // namespace runner
