#pragma once

#include <filesystem>
#include <system_error>

#include <sys/types.h>

namespace runner {

// Databases, logs and checkpoints are their owner's alone. $RUNNER_UMASK, an octal number as
// umask's, says what others may not: with 007 they are a group's, with 022 all may read them. The
// process's own umask takes nothing more away. Throws UserError for what is no such number.

/// Of a file: 0600, unless $RUNNER_UMASK says otherwise.
mode_t file_permissions();
/// Of a folder: 0700, unless it says otherwise.
mode_t folder_permissions();

/// Makes a folder and those above it, where they are missing; what is there stays as it is. Their
/// names are on disk then.
void make_folder(const std::filesystem::path& folder, std::error_code& error);
/// The same; throws StoreError.
void make_folder(const std::filesystem::path& folder);
/// Makes an empty file, where it is missing and can be made; whether it did.
bool make_file(const std::filesystem::path& file);
/// Gives a folder and all that is in it these permissions.
void set_permissions(const std::filesystem::path& folder, std::error_code& error);

}  // namespace runner
