#pragma once

#include "experiments/sqlite.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace runner {

/// The folder of a run within TensorBoard's.
std::string tensorboard_name(const Database& database, const std::string& run_id);

/// Writes a run's metrics as scalars and its config as hyperparameters into an event file of its
/// own in `folder`. TensorBoard knows values as 32-bit floats.
void write_tensorboard(const Database& database, const std::string& run_id,
                       const std::vector<std::string>& metrics,
                       const std::filesystem::path& folder);

}  // namespace runner
