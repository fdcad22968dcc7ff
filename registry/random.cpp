#include "registry/random.hpp"

namespace runner {

std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
  return x ^ (x >> 31);
}

std::uint64_t key_of(std::string_view name) {
  std::uint64_t key = 0;
  for (const char letter : name) key = derive(key, static_cast<unsigned char>(letter));
  return key;
}

}  // namespace runner
