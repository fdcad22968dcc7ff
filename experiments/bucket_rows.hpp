#pragma once

#include "experiments/levels.hpp"
#include "experiments/points.hpp"

#include <functional>

namespace runner {

/// Gives the buckets of a level that lie within the steps, in order; those of level 0 are the
/// points.
void read_level(const Database& database, std::int64_t series_id, std::int64_t level,
                StepRange steps, const std::function<void(const Bucket&)>& take);

/// The last step that is in a bucket of the level; -1 when it has none.
std::int64_t last_step_of_level(const Database& database, std::int64_t series_id,
                                std::int64_t level);

}  // namespace runner
