#pragma once

#include <filesystem>

namespace runner {

/// A file, or a folder with all that is in it, is on disk when this has come back, as far as a disk
/// keeps its word. The name of `place` itself stands in the folder above it. Throws StoreError.
void make_durable(const std::filesystem::path& place);

/// The names in a folder are on disk. Throws StoreError.
void make_names_durable(const std::filesystem::path& folder);

/// Makes a folder and those above it that are not there, durably. Throws StoreError.
void make_durable_folder(const std::filesystem::path& folder);

}  // namespace runner
