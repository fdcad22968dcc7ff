#pragma once

#include "registry/description.hpp"
#include "registry/topologies/placement.hpp"
#include "runner/launch/launcher.hpp"
#include "runner/supervise/local_ranks.hpp"

#include <string>

namespace runner {

/// Gives each of this process's ranks its job: `common` {config, data, ...} with its place among
/// the others. `address` is this machine's, as the other ranks reach it.
void give_jobs(LocalRanks& ranks, const Json& common, const Placement& placement,
               const Launch& launch, const std::string& address);

}  // namespace runner
