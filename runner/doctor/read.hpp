#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace runner::doctor {

/// The number that a small file, such as those of /proc, begins with.
std::optional<std::int64_t> number_in(const std::filesystem::path& file);

/// What comes before the first line's end.
std::string first_line_of(const std::string& text);

/// Bytes that may still be written where `folder` is or would be.
std::optional<std::int64_t> free_space(std::filesystem::path folder);

/// The nearest folder above, or itself, that is there.
std::filesystem::path existing(std::filesystem::path folder);

/// Whether this process may make files there, or in the folder in which it would be made.
bool may_write(const std::filesystem::path& folder);

}  // namespace runner::doctor
