#pragma once

#include "runner/protocol/message.hpp"

#include <chrono>
#include <mutex>
#include <optional>
#include <string>

namespace runner {

/// Descriptors that a worker inherits.
constexpr int worker_channel_fd = 3;
constexpr int worker_heartbeat_fd = 4;

/// One end of a socket between two processes that know each other. A message is a length (4 bytes,
/// host order) and that much CBOR, which keeps every double as it is: a map of at most 64 MiB and
/// 128 levels.
class Channel {
 public:
  explicit Channel(int fd) : fd_(fd) {}
  ~Channel();
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  /// False when the other end is gone. From any thread.
  template <class Message>
  bool send(const Message& message) {
    return send_map(to_json(message));
  }

  /// The next message; waits for it. Empty when the other end is gone. Throws as take() does.
  std::optional<Json> receive();

  /// Reads what has arrived; false when the other end is gone.
  bool read();
  /// The next message that has been read whole. Throws BadMessage.
  std::optional<Json> take();

  /// Until the other end is gone, or for so long; whatever still comes is dropped.
  void wait_until_closed(std::chrono::milliseconds patience);

  int fd() const { return fd_; }

 private:
  bool send_map(const Json& map);

  int fd_;
  std::mutex sending_;
  std::string received_;
};

/// Gives all that has come to `hear`; false when the other end is gone, or says what makes no
/// sense: then it is as good as gone.
template <class Message, class Hear>
bool hear_all(Channel& channel, Hear hear) {
  try {
    const bool open = channel.read();
    while (const auto message = channel.take()) hear(read_message<Message>(*message));
    return open;
  } catch (const BadMessage&) {
    return false;
  }
}

/// Whether reading would not wait: something has come, or the other end is gone.
bool is_readable(int fd);

}  // namespace runner
