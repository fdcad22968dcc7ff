#pragma once

#include "runner/supervise/worker_process.hpp"
#include "runner/sweep/data_cache.hpp"
#include "runner/sweep/sweep_recipe.hpp"

#include <memory>

namespace runner {

/// Has a worker build what the trials of a sweep differ in, before the sweep is recorded, and gives
/// that worker, which waits for a job; null where it is gone. Throws UserError for what only
/// LibTorch and this machine know to be a mistake.
std::unique_ptr<WorkerProcess> check_in_worker(const SweepRecipe& sweep, DataCache& data,
                                               const std::filesystem::path& database);

/// The same for a plan. Data that would have to be fetched are not; then nothing is built.
void check_before_run(const SweepRecipe& sweep, const std::filesystem::path& database);

}  // namespace runner
