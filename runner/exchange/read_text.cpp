#include "runner/exchange/read_text.hpp"

#include "experiments/error.hpp"
#include "registry/datasets/input_file.hpp"

#include <span>
#include <system_error>

#include <fmt/format.h>

namespace runner {
namespace {

/// What the file system refuses is the user's to know.
[[noreturn]] void refuse(const std::exception& error) {
  throw UserError(fmt::format("cannot read {}", error.what()));
}

InputFile opened(const std::filesystem::path& file) try {
  return InputFile(file);
} catch (const std::exception& error) {
  refuse(error);
}

}  // namespace

std::string read_text(const std::filesystem::path& file) {
  std::string text;
  for_each_piece(file, [&](std::string_view piece) { text += piece; });
  return text;
}

std::uint64_t for_each_piece(const std::filesystem::path& file,
                             const std::function<void(std::string_view)>& use,
                             std::uint64_t bytes) try {
  auto in = opened(file);
  return in.for_each_piece(
      [&](std::span<const std::byte> piece) {
        use({reinterpret_cast<const char*>(piece.data()), piece.size()});
      },
      bytes);
} catch (const std::system_error& error) {
  refuse(error);
}

}  // namespace runner
