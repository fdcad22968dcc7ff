#include "runner/supervise/unix_socket.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace runner {
namespace {

struct Place {
  sockaddr_un address{};
  socklen_t size = 0;
  const sockaddr* any() const { return reinterpret_cast<const sockaddr*>(&address); }
};

/// In the kernel's own space of names, which begin with a 0.
Place place_of(const std::string& name) {
  Place place;
  place.address.sun_family = AF_UNIX;
  const auto size = std::min(name.size(), sizeof place.address.sun_path - 1);
  std::memcpy(place.address.sun_path + 1, name.data(), size);
  place.size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + size);
  return place;
}

}  // namespace

int listen_here(const std::string& name) {
  constexpr int waiting_connections = 1024;
  const auto place = place_of(name);
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd >= 0 && bind(fd, place.any(), place.size) == 0 && listen(fd, waiting_connections) == 0)
    return fd;
  const std::string why = std::strerror(errno);
  if (fd >= 0) close(fd);
  throw std::runtime_error(fmt::format(
      "the processes of this run cannot meet at the socket @{} of this machine: {}", name, why));
}

int connect_here(const std::string& name, std::string& error) {
  const auto place = place_of(name);
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd >= 0 && connect(fd, place.any(), place.size) == 0) {
    if (is_of_this_user(fd)) return fd;
    error = "another user listens there";
  } else {
    error = std::strerror(errno);
  }
  if (fd >= 0) close(fd);
  return -1;
}

bool is_of_this_user(int fd) {
  ucred other{};
  socklen_t size = sizeof other;
  return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &other, &size) == 0 && other.uid == geteuid();
}

}  // namespace runner
