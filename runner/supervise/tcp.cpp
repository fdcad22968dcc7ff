#include "runner/supervise/tcp.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <stdexcept>

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace runner {
namespace {

struct FreeAddresses {
  void operator()(addrinfo* addresses) const { freeaddrinfo(addresses); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

Addresses resolve(const std::string& host, std::uint16_t port, std::string& error) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int code = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (code != 0) error = gai_strerror(code);
  return Addresses(code == 0 ? found : nullptr);
}

/// IPv6 sockets take IPv4 connections, too; where there is no IPv6, IPv4 alone.
int bind_to(std::uint16_t port, int family) {
  const int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  const int on = 1, off = 0;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_storage any{};
  socklen_t size = sizeof(sockaddr_in);
  if (family == AF_INET6) {
    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    auto& address = reinterpret_cast<sockaddr_in6&>(any);
    address.sin6_family = AF_INET6;
    address.sin6_port = htons(port);
    size = sizeof(sockaddr_in6);
  } else {
    auto& address = reinterpret_cast<sockaddr_in&>(any);
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
  }
  constexpr int waiting_connections = 1024;
  if (bind(fd, reinterpret_cast<sockaddr*>(&any), size) == 0 &&
      listen(fd, waiting_connections) == 0)
    return fd;
  close(fd);
  return -1;
}

bool connect_within(int fd, const addrinfo& address, std::chrono::milliseconds timeout) {
  if (connect(fd, address.ai_addr, address.ai_addrlen) == 0) return true;
  if (errno != EINPROGRESS) return false;
  pollfd source{fd, POLLOUT, 0};
  if (poll(&source, 1, static_cast<int>(timeout.count())) <= 0) {
    errno = ETIMEDOUT;
    return false;
  }
  socklen_t size = sizeof errno;
  getsockopt(fd, SOL_SOCKET, SO_ERROR, &errno, &size);
  return errno == 0;
}

using NameOf = int (*)(int, sockaddr*, socklen_t*);

std::string address_of(int fd, NameOf name_of) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  auto* address = reinterpret_cast<sockaddr*>(&storage);
  if (name_of(fd, address, &size) != 0) return "";
  if (address->sa_family == AF_UNIX) return "127.0.0.1";
  std::array<char, NI_MAXHOST> text{};
  getnameinfo(address, size, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST);
  const std::string whole = text.data(), prefix = "::ffff:";
  return whole.starts_with(prefix) ? whole.substr(prefix.size()) : whole;
}

}  // namespace

Listener listen_on(const std::vector<std::uint16_t>& ports) {
  for (const auto port : ports)
    for (const int family : {AF_INET6, AF_INET})
      if (const int fd = bind_to(port, family); fd >= 0) return {fd, port};
  throw std::runtime_error(fmt::format(
      "the processes of this run cannot meet: port {} of this machine is taken by another program",
      fmt::join(ports, ", ")));
}

int connect_to(const std::string& host, std::uint16_t port, std::chrono::milliseconds timeout,
               std::string& error) {
  const auto addresses = resolve(host, port, error);
  for (const auto* each = addresses.get(); each; each = each->ai_next) {
    const int fd = socket(each->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) continue;
    if (connect_within(fd, *each, timeout)) {
      const int on = 1;
      setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
      return fd;
    }
    error = std::strerror(errno);
    close(fd);
  }
  return -1;
}

std::string local_address(int fd) { return address_of(fd, getsockname); }
std::string peer_address(int fd) { return address_of(fd, getpeername); }

bool is_loopback(const std::string& address) {
  return address.starts_with("127.") || address == "::1";
}

}  // namespace runner
