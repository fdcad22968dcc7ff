#pragma once

#include <filesystem>
#include <optional>

namespace runner {

/// The database that a command works on, whether it exists yet or not: the flag `--db`, else
/// $RUNNER_DB, else the nearest `.runner/experiments.db` upwards from the working directory, else
/// the one that a first run creates there.
std::filesystem::path find_database(const std::optional<std::filesystem::path>& flag = {});

/// Where the runs of a database keep what their ranks print, and their checkpoints: each in a
/// folder with the run's id.
std::filesystem::path logs_beside(const std::filesystem::path& database);
std::filesystem::path checkpoints_beside(const std::filesystem::path& database);

/// True where SQLite's WAL cannot work, because its shared memory does not cross machines. The
/// number is `statfs`'s f_type.
bool is_network_filesystem(unsigned long type);

/// The same for the file system that holds `folder`.
bool on_network_filesystem(const std::filesystem::path& folder);

}  // namespace runner
