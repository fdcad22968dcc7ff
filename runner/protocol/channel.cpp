#include "runner/protocol/channel.hpp"

#include <cerrno>
#include <cstdint>
#include <cstring>

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace runner {
namespace {

constexpr std::size_t most_bytes = 64 << 20;
constexpr int most_levels = 128;

/// Builds a value, and gives up on one that nests too deeply: the parser calls itself for each
/// level.
class ShallowValue : public nlohmann::detail::json_sax_dom_parser<Json> {
 public:
  using Builder = nlohmann::detail::json_sax_dom_parser<Json>;
  using Builder::Builder;

  bool start_object(std::size_t size) {
    return ++levels_ <= most_levels && Builder::start_object(size);
  }
  bool end_object() { return --levels_, Builder::end_object(); }
  bool start_array(std::size_t size) {
    return ++levels_ <= most_levels && Builder::start_array(size);
  }
  bool end_array() { return --levels_, Builder::end_array(); }

 private:
  int levels_ = 0;
};

Json parse(const char* begin, std::size_t size) {
  Json message;
  bool whole = false;
  try {
    ShallowValue value(message);
    whole = Json::sax_parse(begin, begin + size, &value, Json::input_format_t::cbor);
  } catch (const Json::exception& error) {
    throw BadMessage(error.what());
  }
  if (!whole) throw BadMessage("a message nests too deeply");
  if (!message.is_object()) throw BadMessage("a message is no map");
  return message;
}

}  // namespace

Channel::~Channel() { close(fd_); }

bool Channel::send_map(const Json& map) {
  const auto body = Json::to_cbor(map);
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
  if (length > most_bytes) throw BadMessage("a message is too long");
  if (received_.size() < sizeof length + length) return std::nullopt;
  auto message = parse(received_.data() + sizeof length, length);
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
