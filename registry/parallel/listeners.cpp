#include "registry/parallel/listeners.hpp"

#include <charconv>
#include <filesystem>
#include <string>

#include <linux/filter.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace runner {
namespace {

bool has(int fd, int option, int value) {
  int found = 0;
  socklen_t size = sizeof found;
  return getsockopt(fd, SOL_SOCKET, option, &found, &size) == 0 && found == value;
}

bool listens(int fd) { return has(fd, SO_ACCEPTCONN, 1) && has(fd, SO_PROTOCOL, IPPROTO_TCP); }

/// What comes for the listener itself, and no connection of it, is lost before it is looked at.
void lose_all(int fd) {
  sock_filter nothing[] = {{BPF_RET | BPF_K, 0, 0, 0}};
  const sock_fprog program{1, nothing};
  setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}

}  // namespace

void refuse_newcomers() {
  std::error_code unreadable;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd", unreadable)) {
    const auto name = entry.path().filename().string();
    int fd = -1;
    std::from_chars(name.data(), name.data() + name.size(), fd);
    if (listens(fd)) lose_all(fd);
  }
}

}  // namespace runner
