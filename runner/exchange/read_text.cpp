#include "runner/exchange/read_text.hpp"

#include "experiments/error.hpp"

#include <algorithm>
#include <fstream>

#include <fmt/format.h>

namespace runner {
namespace {

constexpr std::uint64_t longest_piece = 1 << 18;

}  // namespace

std::string read_text(const std::filesystem::path& file) {
  std::string text;
  for_each_piece(file, [&](std::string_view piece) { text += piece; });
  return text;
}

std::uint64_t for_each_piece(const std::filesystem::path& file,
                             const std::function<void(std::string_view)>& use,
                             std::uint64_t bytes) {
  const auto fail = [&] { throw UserError(fmt::format("cannot read {}", file.string())); };
  std::error_code none;
  std::ifstream in(file, std::ios::binary);
  if (!in.is_open() || !std::filesystem::is_regular_file(file, none)) fail();
  std::string piece(longest_piece, '\0');
  std::uint64_t read = 0;
  while (in && read < bytes) {
    in.read(piece.data(), static_cast<std::streamsize>(std::min(longest_piece, bytes - read)));
    const auto size = static_cast<std::uint64_t>(in.gcount());
    if (size > 0) use(std::string_view(piece).substr(0, size));
    read += size;
  }
  if (in.bad()) fail();
  return read;
}

}  // namespace runner
