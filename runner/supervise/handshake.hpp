#pragma once

#include "runner/launch/meeting.hpp"

#include <string>

namespace runner {

// How two processes of a run prove to each other that they know its secret, before either reads a
// message of the other. Until then each reads no more bytes than it expects, and parses none.
//
//     who comes   the mark, a nonce                             40 bytes
//     rank 0      the mark, the kind of secret, a nonce, the
//                 length of a munge credential, the credential  43 bytes and up to 4096
//     who comes   its proof                                     32 bytes
//     rank 0      its proof                                     32 bytes
//
// A proof is HMAC-SHA256 by the secret over who proves, the run's token and both nonces: recorded,
// it proves nothing in another meeting, and who is sent one cannot send it back.

/// How far a handshake is: more has to come, the other is of this run, or it is not.
enum class Handshake { open, known, stranger };

/// Bytes of a socket, read up to a number and no further.
class ExactBytes {
 public:
  /// Reads what has come, without waiting, until there are `size`; stranger when the other end is
  /// gone, known when they are there.
  Handshake read(int fd, std::size_t size);
  const std::string& bytes() const { return bytes_; }
  void clear() { bytes_.clear(); }

 private:
  std::string bytes_;
};

/// Rank 0's end.
class ServerHandshake {
 public:
  explicit ServerHandshake(const Meeting& meeting) : meeting_(meeting) {}

  /// Goes on with what has come, without waiting.
  Handshake advance(int fd);

 private:
  bool challenge(int fd);

  const Meeting& meeting_;
  ExactBytes received_;
  std::string nonces_;  ///< empty before the challenge
  std::string secret_;
};

/// The end of one that comes.
class ClientHandshake {
 public:
  explicit ClientHandshake(const Meeting& meeting) : meeting_(meeting) {}

  Handshake begin(int fd);
  /// Goes on with what has come, without waiting.
  Handshake advance(int fd);
  /// Why the other is a stranger.
  const std::string& reason() const { return reason_; }

 private:
  Handshake refuse(std::string reason);
  Handshake prove(int fd);

  const Meeting& meeting_;
  ExactBytes received_;
  std::string nonce_;     ///< its own
  std::string expected_;  ///< rank 0's proof; empty before this process has sent its own
  std::string reason_;
};

}  // namespace runner
