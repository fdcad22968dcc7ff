#pragma once

#include "experiments/run.hpp"
#include "experiments/sqlite.hpp"

#include <string_view>
#include <vector>

namespace runner {

/// The checkpoints of a run, the newest first.
std::vector<Checkpoint> read_checkpoints(const Database& database, std::string_view run_id);

}  // namespace runner
