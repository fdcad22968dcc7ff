#pragma once

#include "experiments/store.hpp"
#include "runner/record/checkpoints.hpp"

#include <filesystem>
#include <string>

namespace runner {

/// The file with a model's weights that a user means: `RUN`, `RUN@last`, `RUN@best` or `RUN@STEP`,
/// where RUN is what find_run() takes and `best` is what the run's `save` calls so; averaged ones
/// when asked for. Throws UserError for a run or a checkpoint that is not there, or that has none,
/// and StoreError when the file is not what was written.
std::filesystem::path find_weights(Store& store, const std::string& reference, bool averaged);

/// The file that a run is to begin with: `what` is a safetensors file, or what find_weights()
/// takes. Throws UserError, too, for a file that is none.
std::filesystem::path find_initial_weights(const std::filesystem::path& database,
                                           const std::string& what);

}  // namespace runner
