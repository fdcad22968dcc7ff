#include "runner/launch/meeting.hpp"

#include "registry/datasets/digest.hpp"

#include <numeric>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

namespace runner {
namespace {

// FNV-1a: the same on every machine, unlike std::hash.
std::uint64_t hash(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const unsigned char c : text) hash = (hash ^ c) * 0x100000001b3;
  return hash;
}

}  // namespace

std::string socket_name(const Meeting& meeting) {
  return fmt::format("runner-{}-{:.32}", geteuid(), sha256(meeting.token));
}

std::vector<std::uint16_t> ports_for(std::string_view key) {
  constexpr std::uint64_t lowest = 20000, end = 32768, count = 8;
  std::vector<std::uint16_t> ports(count);
  const auto first = lowest + hash(key) % ((end - lowest) / count) * count;
  std::iota(ports.begin(), ports.end(), static_cast<std::uint16_t>(first));
  return ports;
}

}  // namespace runner
