#pragma once

#include "registry/description.hpp"

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>

namespace runner {

/// What came is no message.
struct BadMessage : std::runtime_error {
  using std::runtime_error::runtime_error;
};

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
  bool send(const Json& message);

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
  int fd_;
  std::mutex sending_;
  std::string received_;
};

/// Gives all that has come to `hear`; false when the other end is gone, or says what makes no
/// sense: then it is as good as gone.
bool hear_all(Channel& channel, const std::function<void(const Json& message)>& hear);

/// Whether reading would not wait: something has come, or the other end is gone.
bool is_readable(int fd);

}  // namespace runner
