#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace runner {

/// The database that a command works on, whether it exists yet or not: the flag `--db`, else
/// $RUNNER_DB, else the nearest `.runner/experiments.db` upwards from the working directory, else
/// the one that a first run creates there.
std::filesystem::path find_database(const std::optional<std::filesystem::path>& flag = {});

/// Where the runs of a database keep what their ranks print, and their checkpoints: each in a
/// folder with the run's id.
std::filesystem::path logs_beside(const std::filesystem::path& database);
std::filesystem::path checkpoints_beside(const std::filesystem::path& database);
/// Where `submit` writes the scripts of jobs, RUN.sbatch, and the secrets of their ranks,
/// RUN.secret; Slurm writes there what jobs print.
std::filesystem::path scripts_beside(const std::filesystem::path& database);

/// How a database names a run's file or folder: from its own folder where it lies beneath that, so
/// that both can be moved together; else by the whole path.
std::string stored_place(const std::filesystem::path& database, const std::filesystem::path& place);

/// Where that is. A whole path that an older version has stored is looked for beside the database
/// first, which may have been moved with its folder.
std::filesystem::path place_of(const std::filesystem::path& database, const std::string& stored);

/// Whether it lies beneath one of the two folders above: only then is it the database's own.
bool is_own(const std::filesystem::path& database, const std::filesystem::path& place);

/// True where SQLite's WAL cannot work, because its shared memory does not cross machines. The
/// number is `statfs`'s f_type.
bool is_network_filesystem(unsigned long type);

/// The same for the file system that holds `folder`.
bool on_network_filesystem(const std::filesystem::path& folder);

}  // namespace runner
