#pragma once

#include "experiments/store.hpp"
#include "runner/record/checkpoints.hpp"

#include <filesystem>
#include <string>

namespace runner {

struct FoundWeights {
  std::filesystem::path file;
  bool averaged = false;  ///< train.ema_decay's average
  std::string reference;  ///< RUN@STEP, which means the same for ever; empty for a file
};

enum class WhichWeights { usual, averaged, raw };

/// The file with a model's weights that a user means: `RUN`, `RUN@last`, `RUN@best` or `RUN@STEP`,
/// where RUN is what find_run() takes and `best` is what the run's `save` calls so. Of a run with
/// train.ema_decay they are the averaged ones, by which it was evaluated, unless raw ones are
/// wanted. Throws UserError for a run or a checkpoint that is not there, and StoreError when the
/// file is not what was written.
FoundWeights find_weights(Store& store, const std::string& reference, WhichWeights which,
                          const std::string& except = {});

/// The file that a run is to begin with; empty when its init_from names none. The weights are a
/// safetensors file, or what find_weights() takes, where the run `except` is not meant: itself.
/// Throws UserError, too, for a file that is none; it
/// begins with the field: "init_from.weights: ...".
std::optional<FoundWeights> find_initial_weights(const std::filesystem::path& database,
                                                 const InitFrom& options,
                                                 const std::string& except = {});

}  // namespace runner
