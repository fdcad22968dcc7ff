#pragma once

#include "registry/datasets/prepared.hpp"
#include "registry/topologies/placement.hpp"
#include "runner/launch/launcher.hpp"
#include "runner/recipe/recipe.hpp"
#include "runner/supervise/worker_process.hpp"

namespace runner {

/// Has a worker that waits for a job build what the recipe names and look for the device of this
/// process's last rank. Throws UserError for a mistake that only LibTorch knows: a pattern of
/// groups that matches no parameter, a device that is not there, weights of another model. False
/// where the worker is gone or gives no answer within the placement's heartbeat: its job will tell.
/// `weights` is the file to begin with, which has to fit.
bool check_with(WorkerProcess& worker, const Recipe& recipe, const Prepared& data,
                const Placement& placement, const Launch& launch,
                const std::optional<std::filesystem::path>& weights);

/// The file of init_from's weights, in a run of this database or by itself. Throws UserError.
std::optional<std::filesystem::path> weights_to_check(const Recipe& recipe,
                                                      const std::filesystem::path& database);

/// The same in a worker of its own, before anything is planned or recorded. Data that would have to
/// be fetched are not; then only the launch and where the weights are is checked.
void check_before_run(const Recipe& recipe, const std::filesystem::path& database);

}  // namespace runner
