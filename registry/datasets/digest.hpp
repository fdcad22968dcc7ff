#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace runner {

/// SHA-256 of bytes that come in pieces.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  void update(std::span<const std::byte> bytes);
  /// 64 lower-case hexadecimal digits. Call it once, at the end.
  std::string hex();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// A digest of a file's content: "xxh3-128:HEX" of all of it up to 1 GB; beyond that
/// "xxh3-128-sampled:HEX" of its size and of 1024 blocks of 64 kB that are spread over it. Throws
/// what InputFile throws.
std::string content_digest(const std::filesystem::path& file);

/// The same of a file of the given size and more as if it were beyond 1 GB.
std::string content_digest(const std::filesystem::path& file, std::size_t most_read_whole);

bool is_sampled(std::string_view content_digest);

/// SHA-256 of a file. Throws what InputFile throws.
std::string sha256_of_file(const std::filesystem::path& file);

std::string sha256(std::span<const std::byte> bytes);
std::string sha256(std::string_view text);

}  // namespace runner
