#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <limits>
#include <string>
#include <string_view>

namespace runner {

/// A whole file. Throws UserError when it cannot be read.
std::string read_text(const std::filesystem::path& file);

/// A file from its beginning, at most `bytes` of it, in pieces. Gives how many bytes there were.
/// Throws UserError when it cannot be read.
std::uint64_t for_each_piece(const std::filesystem::path& file,
                             const std::function<void(std::string_view)>& use,
                             std::uint64_t bytes = std::numeric_limits<std::uint64_t>::max());

}  // namespace runner
