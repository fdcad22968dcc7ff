#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace runner {

/// A listening socket on every address of this machine.
struct Listener {
  int fd = -1;
  std::uint16_t port = 0;
};

/// On the first of the ports that is free. Throws std::runtime_error when none is.
Listener listen_on(const std::vector<std::uint16_t>& ports);

/// A connected socket, or -1 with `error` set.
int connect_to(const std::string& host, std::uint16_t port, std::chrono::milliseconds timeout,
               std::string& error);

/// Numeric addresses of a connected socket's two ends; IPv4 without the prefix that IPv6 gives it;
/// the loopback's of a Unix socket.
std::string local_address(int fd);
std::string peer_address(int fd);

bool is_loopback(const std::string& address);

}  // namespace runner
