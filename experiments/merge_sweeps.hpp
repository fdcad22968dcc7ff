#pragma once

#include "experiments/sqlite.hpp"

namespace runner {

// Parts of merge(): they read `temp.run_ids (theirs, ours, action)`, and write and read
// `temp.sweep_ids (theirs, ours, is_new)`.

/// The other's sweeps that are not here yet.
void merge_sweeps(const Database& database);
/// Their trials, after the runs are here: one that waits here takes over what the other's came to.
void merge_trials(const Database& database);

}  // namespace runner
