#include "runner/exchange/read_text.hpp"

#include "experiments/error.hpp"
#include "registry/datasets/input_file.hpp"

#include <algorithm>
#include <span>

#include <fmt/format.h>

namespace runner {
namespace {

constexpr std::size_t longest_piece = 1 << 18;

/// What the file system refuses is the user's to know.
template <class Work>
auto refused_in_words(Work work) try {
  return work();
} catch (const std::exception& error) {
  throw UserError(fmt::format("cannot read {}", error.what()));
}

}  // namespace

std::string read_text(const std::filesystem::path& file) {
  std::string text;
  for_each_piece(file, [&](std::string_view piece) { text += piece; });
  return text;
}

std::uint64_t for_each_piece(const std::filesystem::path& file,
                             const std::function<void(std::string_view)>& use,
                             std::uint64_t bytes) {
  auto in = refused_in_words([&] { return InputFile(file); });
  std::string piece;
  std::uint64_t read = 0;
  do {
    piece.resize(std::min<std::uint64_t>(longest_piece, bytes - read));
    piece.resize(
        refused_in_words([&] { return in.read(std::as_writable_bytes(std::span(piece))).size(); }));
    if (!piece.empty()) use(piece);
    read += piece.size();
  } while (!piece.empty());
  return read;
}

}  // namespace runner
