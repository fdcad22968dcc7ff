#pragma once

#include <filesystem>
#include <system_error>

namespace runner {

/// A file, or a folder with all that is in it, is on disk when this has come back, as far as a disk
/// keeps its word. The name of `place` itself stands in the folder above it. Throws StoreError.
void make_durable(const std::filesystem::path& place);

/// The names in a folder are on disk. Throws StoreError.
void make_names_durable(const std::filesystem::path& folder);
void make_names_durable(const std::filesystem::path& folder, std::error_code& error);

}  // namespace runner
