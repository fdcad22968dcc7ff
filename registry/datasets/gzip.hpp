#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>

namespace runner {

/// Feeds the unpacked content of a gzip file to `sink`, piece by piece. Returns what is wrong with
/// the file, or
/// "" when all is well. Stops when the content grows beyond `limit` bytes: a small file can unpack
/// to terabytes.
std::string unpack_gzip(const std::filesystem::path& packed, std::int64_t limit,
                        const std::function<void(std::span<const std::byte>)>& sink);

}  // namespace runner
