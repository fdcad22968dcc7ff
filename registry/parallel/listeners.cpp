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

/// Of this process, which listen or are connected.
template <typename Act>
void for_each_tcp_socket(bool listens, const Act& act) {
  std::error_code unreadable;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd", unreadable)) {
    const auto name = entry.path().filename().string();
    int fd = -1;
    std::from_chars(name.data(), name.data() + name.size(), fd);
    if (has(fd, SO_PROTOCOL, IPPROTO_TCP) && has(fd, SO_ACCEPTCONN, listens ? 1 : 0)) act(fd);
  }
}

void set_least_readable(int fd, int bytes) {
  setsockopt(fd, SOL_SOCKET, SO_RCVLOWAT, &bytes, sizeof bytes);
}

}  // namespace

void hold_back_parts() {
  constexpr int bytes_of_a_number = 8;
  for_each_tcp_socket(true, [](int fd) { set_least_readable(fd, bytes_of_a_number); });
}

void release_parts() {
  for_each_tcp_socket(false, [](int fd) { set_least_readable(fd, 1); });
}

void refuse_newcomers() {
  // What comes for the listener itself, and for no connection of it, is lost unread.
  sock_filter nothing[] = {{BPF_RET | BPF_K, 0, 0, 0}};
  const sock_fprog program{1, nothing};
  for_each_tcp_socket(true, [&](int fd) {
    setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
  });
}

}  // namespace runner
