#pragma once

#include <filesystem>
#include <string>

namespace runner {

/// Whether there is an sbatch to call.
bool has_sbatch();

/// Submits a script and gives the job's id. Throws std::runtime_error with what sbatch says when it
/// refuses. The job does not see the variables of a job that this process may belong to.
std::string sbatch(const std::filesystem::path& script);

}  // namespace runner
