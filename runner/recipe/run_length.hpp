#pragma once

#include "registry/schedulers/length.hpp"
#include "runner/recipe/sections.hpp"

namespace runner {

/// How long a run is that trains on so many samples.
Length run_length(const Train& options, std::int64_t train_samples);

}  // namespace runner
