#include "runner/supervise/channel.hpp"

#include <cerrno>
#include <cstdint>
#include <cstring>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace runner {

Channel::~Channel() { close(fd_); }

bool Channel::send(const Json& message) {
  const auto body = Json::to_cbor(message);
  const auto length = static_cast<std::uint32_t>(body.size());
  std::string frame(sizeof length, '\0');
  std::memcpy(frame.data(), &length, sizeof length);
  frame.append(body.begin(), body.end());
  const std::lock_guard lock(sending_);
  for (std::size_t sent = 0; sent < frame.size();) {
    const auto n = ::send(fd_, frame.data() + sent, frame.size() - sent, MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    sent += static_cast<std::size_t>(n);
  }
  return true;
}

bool Channel::read() {
  char buffer[1 << 16];
  while (true) {
    const auto n = ::recv(fd_, buffer, sizeof buffer, 0);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    received_.append(buffer, static_cast<std::size_t>(n));
    return true;
  }
}

std::optional<Json> Channel::take() {
  std::uint32_t length = 0;
  if (received_.size() < sizeof length) return std::nullopt;
  std::memcpy(&length, received_.data(), sizeof length);
  if (received_.size() < sizeof length + length) return std::nullopt;
  const auto* body = received_.data() + sizeof length;
  auto message = Json::from_cbor(body, body + length);
  received_.erase(0, sizeof length + length);
  return message;
}

std::optional<Json> Channel::receive() {
  while (true) {
    if (auto message = take()) return message;
    if (!read()) return std::nullopt;
  }
}

void Channel::wait_until_closed(std::chrono::milliseconds patience) {
  using Clock = std::chrono::steady_clock;
  for (const auto until = Clock::now() + patience; Clock::now() < until;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now());
    pollfd source{fd_, POLLIN, 0};
    if (poll(&source, 1, static_cast<int>(left.count())) > 0 && !read()) return;
  }
}

bool is_readable(int fd) {
  pollfd source{fd, POLLIN, 0};
  return poll(&source, 1, 0) > 0;
}

}  // namespace runner
