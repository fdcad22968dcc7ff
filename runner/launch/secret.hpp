#pragma once

#include "runner/launch/environment.hpp"

#include <filesystem>
#include <string>

namespace runner {

/// Where processes of a run have the secret from by which they know each other.
enum class SecretKind : char {
  none = '-',   ///< anybody who knows the run's token may come
  given = 'g',  ///< RUNNER_SECRET, or the file that RUNNER_SECRET_FILE names
  munge = 'm',  ///< rank 0's process draws it and hands it to this user's others through munge
};

struct Secret {
  SecretKind kind = SecretKind::none;
  std::string bytes = {};  ///< with munge: empty but at rank 0
};

/// A run's secret: the first that there is of RUNNER_SECRET, RUNNER_SECRET_FILE and munge, which is
/// not asked where all are on one machine. Throws UserError for a secret of less than 16
/// characters, and for a file that cannot be read, that others than its owner can read, or that is
/// another user's.
Secret find_secret(const Environment& environment, bool on_one_machine);

/// "a secret (RUNNER_SECRET)": for an error.
std::string describe(SecretKind kind);

/// Makes a file with a new secret, which its owner alone can read, unless there is one.
void write_secret(const std::filesystem::path& file);

/// From the system's source for keys.
std::string random_bytes(std::size_t count);

}  // namespace runner
