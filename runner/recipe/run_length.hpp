#pragma once

#include "registry/schedulers/length.hpp"
#include "runner/recipe/sections.hpp"

namespace runner {

/// How many of a split's samples a run uses.
std::int64_t used_samples(std::int64_t samples, std::optional<std::int64_t> limit_batches,
                          std::int64_t batch_size);

/// How long a run of a resolved config is.
Length run_length(const Json& config);

/// How long a run is whose dataset has so many training samples, and that has its batch size since
/// it came to `origin`.
Length run_length(const Train& options, std::int64_t train_samples, const Progress& origin = {});

/// How long a run of a resolved config is that goes on from a checkpoint at this step and epoch.
Length length_from(const Json& config, std::int64_t step, double epoch);

}  // namespace runner
