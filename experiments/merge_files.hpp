#pragma once

#include "experiments/store.hpp"

#include <cstdint>
#include <filesystem>

namespace runner {

/// Copies the checkpoints and logs of the runs that merge() of this file has just brought into the
/// store's own folders, unless they are there already, and gives how many checkpoints came. Throws
/// StoreError; what was copied until then stays.
std::int64_t copy_merged_files(Store& store);

}  // namespace runner
