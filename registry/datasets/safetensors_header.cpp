#include "registry/datasets/safetensors_header.hpp"

#include <cstdint>
#include <cstring>

namespace runner {

std::optional<SafetensorsHeader> safetensors_header(std::span<const std::byte> file) {
  constexpr std::uint64_t most_bytes = 100'000'000;  // as the format says
  std::uint64_t length = 0;                          // little-endian, as this machine is
  if (file.size() < sizeof length) return std::nullopt;
  std::memcpy(&length, file.data(), sizeof length);
  if (length > file.size() - sizeof length || length > most_bytes) return std::nullopt;
  const auto* text = reinterpret_cast<const char*>(file.data()) + sizeof length;
  auto entries = Json::parse(text, text + length, nullptr, false);
  if (!entries.is_object()) return std::nullopt;
  return SafetensorsHeader{std::move(entries), sizeof length + length};
}

}  // namespace runner
