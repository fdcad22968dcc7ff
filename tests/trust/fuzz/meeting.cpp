// What comes over a connection where ranks meet. The first byte says to whom: 0 to rank 0 before a
// proof, 1 to who comes, 2 to either behind the proof, 3 likewise, put into a message's frame.
#include "runner/protocol/channel.hpp"
#include "runner/protocol/event.hpp"
#include "runner/protocol/fronts.hpp"
#include "runner/supervise/handshake.hpp"
#include "tests/trust/fuzz/input.hpp"

#include <array>

#include <sys/socket.h>

namespace {

struct Pair {
  int here = -1, there = -1;
  Pair() {
    std::array<int, 2> ends{};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) __builtin_trap();
    here = ends[0];
    there = ends[1];
  }

  void come(std::string_view bytes) const {
    if (send(there, bytes.data(), bytes.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(bytes.size()))
      __builtin_trap();
    shutdown(there, SHUT_WR);
  }
};

template <class End>
void prove(End&& end, int fd) {
  while (end.advance(fd) == runner::Handshake::open) {
  }
  // Without the secret, only by a hash that libFuzzer has guessed.
  if (end.advance(fd) == runner::Handshake::known) __builtin_trap();
}

/// What is read is what is sent.
template <class Variant>
void read(const runner::Json& message) try {
  using runner::Json;
  const auto sent = runner::to_json(runner::read_message<Variant>(message));
  const auto again = runner::to_json(runner::read_message<Variant>(sent));
  if (Json::to_cbor(again) != Json::to_cbor(sent)) __builtin_trap();  // a NaN equals nothing
} catch (const runner::BadMessage&) {
}

void listen_to(std::string_view bytes, const Pair& pair) {
  pair.come(bytes);
  runner::Channel channel(dup(pair.here));
  try {
    while (channel.read())
      while (const auto message = channel.take()) {
        read<runner::protocol::ToHead>(*message);
        read<runner::protocol::FromHead>(*message);
        read<runner::protocol::FromWorker>(*message);
        read<runner::protocol::ToWorker>(*message);
      }
  } catch (const runner::BadMessage&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  static const runner::Meeting meeting{.host = "localhost",
                                       .ports = {1},
                                       .token = "run",
                                       .secret = {runner::SecretKind::given, std::string(32, 's')}};
  const auto bytes = runner::fuzz::as_text(data + 1, size - 1);
  const Pair pair;
  switch (data[0] % 4) {
    case 0:
      pair.come(bytes);
      prove(runner::ServerHandshake(meeting), pair.here);
      break;
    case 1: {
      runner::ClientHandshake client(meeting);
      client.begin(pair.here);
      pair.come(bytes);
      prove(client, pair.here);
      break;
    }
    case 2:
      listen_to(bytes, pair);
      break;
    default: {
      const auto length = static_cast<std::uint32_t>(bytes.size());
      std::string framed(reinterpret_cast<const char*>(&length), sizeof length);
      listen_to(framed.append(bytes), pair);
    }
  }
  close(pair.here);
  close(pair.there);
  return 0;
}
