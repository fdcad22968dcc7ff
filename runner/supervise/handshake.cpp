#include "runner/supervise/handshake.hpp"

#include "runner/launch/munge.hpp"

#include <array>
#include <cerrno>
#include <stdexcept>

#include <openssl/crypto.h>
#include <openssl/hmac.h>
#include <sys/socket.h>

namespace runner {
namespace {

/// Its last byte is the version of what is said.
constexpr std::string_view mark{"runner\0\1", 8};
constexpr std::size_t nonce_size = 32, proof_size = 32, most_credential = 4096;
constexpr std::size_t hello_size = mark.size() + nonce_size;
constexpr std::size_t challenge_size = mark.size() + 1 + nonce_size + 2;

std::string proof(const std::string& secret, std::string_view who, const std::string& token,
                  const std::string& nonces) {
  const auto text = std::string(who) + '\0' + token + '\0' + nonces;
  std::string digest(proof_size, '\0');
  unsigned int size = 0;
  if (!HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
            reinterpret_cast<const unsigned char*>(text.data()), text.size(),
            reinterpret_cast<unsigned char*>(digest.data()), &size) ||
      size != proof_size)
    throw std::runtime_error("OpenSSL cannot compute HMAC-SHA256");
  return digest;
}

bool same(const std::string& a, const std::string& b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

/// So few bytes find room in the socket: an end that does not read holds nobody up.
bool send_all(int fd, const std::string& bytes) {
  return send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT) ==
         static_cast<ssize_t>(bytes.size());
}

std::string two_bytes(std::size_t number) {
  return {static_cast<char>(number >> 8), static_cast<char>(number & 0xff)};
}

std::size_t number_of(const std::string& text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text.at(i)); };
  return static_cast<std::size_t>(byte(at)) << 8 | byte(at + 1);
}

bool begins_as(const std::string& bytes, std::string_view beginning) {
  return beginning.starts_with(bytes.substr(0, beginning.size()));
}

}  // namespace

Handshake ExactBytes::read(int fd, std::size_t size) {
  std::array<char, 512> buffer{};
  while (bytes_.size() < size) {
    const auto n =
        recv(fd, buffer.data(), std::min(buffer.size(), size - bytes_.size()), MSG_DONTWAIT);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return Handshake::open;
    if (n <= 0) return Handshake::stranger;
    bytes_.append(buffer.data(), static_cast<std::size_t>(n));
  }
  return Handshake::known;
}

Handshake ServerHandshake::advance(int fd) {
  if (nonces_.empty()) {
    const auto heard = received_.read(fd, hello_size);
    if (!begins_as(received_.bytes(), mark)) return Handshake::stranger;
    if (heard != Handshake::known) return heard;
    if (!challenge(fd)) return Handshake::stranger;
  }
  if (const auto heard = received_.read(fd, proof_size); heard != Handshake::known) return heard;
  if (!same(received_.bytes(), proof(secret_, "who comes", meeting_.token, nonces_)) ||
      !send_all(fd, proof(secret_, "rank 0", meeting_.token, nonces_)))
    return Handshake::stranger;
  return Handshake::known;
}

bool ServerHandshake::challenge(int fd) {
  const auto nonce = random_bytes(nonce_size);
  nonces_ = received_.bytes().substr(mark.size()) + nonce;
  received_.clear();
  secret_ = meeting_.secret.bytes;
  const auto credential =
      meeting_.secret.kind == SecretKind::munge ? munge(secret_) : std::optional<std::string>("");
  return credential && credential->size() <= most_credential &&
         send_all(fd, std::string(mark) + static_cast<char>(meeting_.secret.kind) + nonce +
                          two_bytes(credential->size()) + *credential);
}

Handshake ClientHandshake::begin(int fd) {
  nonce_ = random_bytes(nonce_size);
  return send_all(fd, std::string(mark) + nonce_) ? Handshake::open
                                                  : refuse("another program answers there");
}

Handshake ClientHandshake::advance(int fd) {
  if (expected_.empty()) {
    auto heard = received_.read(fd, challenge_size);
    if (heard == Handshake::stranger || !begins_as(received_.bytes(), mark))
      return refuse("another program answers there");
    if (heard == Handshake::open) return heard;
    const auto credential = number_of(received_.bytes(), challenge_size - 2);
    if (credential > most_credential) return refuse("another program answers there");
    heard = received_.read(fd, challenge_size + credential);
    if (heard != Handshake::known) return heard;
    if (prove(fd) == Handshake::stranger) return Handshake::stranger;
  }
  const auto heard = received_.read(fd, proof_size);
  if (heard == Handshake::open) return heard;
  return heard == Handshake::known && same(received_.bytes(), expected_)
             ? Handshake::known
             : refuse("the runner there has another secret, or is of another run");
}

Handshake ClientHandshake::prove(int fd) {
  const auto& challenge = received_.bytes();
  const auto& mine = meeting_.secret;
  const auto kind = static_cast<SecretKind>(challenge.at(mark.size()));
  if (kind != mine.kind)
    return refuse("the runner there has " + describe(kind) + ", and this one has " +
                  describe(mine.kind));
  const auto secret = kind == SecretKind::munge ? unmunge(challenge.substr(challenge_size))
                                                : std::optional(mine.bytes);
  if (!secret) return refuse("its munge credential is not one of this user's");
  const auto nonces = nonce_ + challenge.substr(mark.size() + 1, nonce_size);
  received_.clear();
  expected_ = proof(*secret, "rank 0", meeting_.token, nonces);
  return send_all(fd, proof(*secret, "who comes", meeting_.token, nonces))
             ? Handshake::open
             : refuse("the connection is closed");
}

Handshake ClientHandshake::refuse(std::string reason) {
  reason_ = std::move(reason);
  return Handshake::stranger;
}

}  // namespace runner
