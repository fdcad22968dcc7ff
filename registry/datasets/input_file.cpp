#include "registry/datasets/input_file.hpp"

#include "registry/datasets/fail.hpp"

#include <algorithm>
#include <stdexcept>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace runner {

const char* what_else_it_is(const struct stat& status) {
  if (S_ISREG(status.st_mode)) return "";
  if (S_ISDIR(status.st_mode)) return "a folder";
  if (S_ISFIFO(status.st_mode)) return "a named pipe";
  return S_ISSOCK(status.st_mode) ? "a socket" : "a device";
}

std::string version_of(const struct stat& status) {
  return fmt::format("inode {} size {} modified {}.{:09}", status.st_ino, status.st_size,
                     status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
}

std::string version_of(const std::filesystem::path& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? version_of(status) : "";
}

InputFile::InputFile(std::filesystem::path path)
    : path_(std::move(path)),
      // Without O_NONBLOCK a named pipe would be waited for.
      fd_(::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
  if (fd_ < 0) fail(path_);
  const bool known = ::fstat(fd_, &status_) == 0;
  if (known && S_ISREG(status_.st_mode)) return;
  const int error = errno;
  ::close(fd_);
  if (!known) fail(path_, error);
  throw std::runtime_error(
      fmt::format("{}: it is {}; expected a file", path_.string(), what_else_it_is(status_)));
}

InputFile::~InputFile() { ::close(fd_); }

std::span<const std::byte> InputFile::read(std::span<std::byte> into) {
  const auto bytes = read_at(position_, into);
  position_ += bytes.size();
  return bytes;
}

std::uint64_t InputFile::for_each_piece(const std::function<void(std::span<const std::byte>)>& use,
                                        std::uint64_t most) {
  constexpr std::uint64_t longest_piece = 1 << 18;
  std::vector<std::byte> buffer(std::min<std::uint64_t>(longest_piece, size() + 1));
  std::uint64_t done = 0;
  while (done < most) {
    const auto room = std::span(buffer).first(std::min<std::uint64_t>(buffer.size(), most - done));
    const auto piece = read(room);
    if (!piece.empty()) use(piece);
    done += piece.size();
    if (piece.size() < room.size()) break;
  }
  return done;
}

std::span<const std::byte> InputFile::read_at(std::size_t offset, std::span<std::byte> into) const {
  std::size_t done = 0;
  while (done < into.size()) {
    const auto count =
        ::pread(fd_, into.data() + done, into.size() - done, static_cast<off_t>(offset + done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail(path_);
    if (count == 0) break;
    done += static_cast<std::size_t>(count);
  }
  return into.first(done);
}

}  // namespace runner
