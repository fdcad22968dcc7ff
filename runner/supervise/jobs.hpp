#pragma once

#include "registry/topologies/placement.hpp"
#include "runner/launch/launcher.hpp"
#include "runner/supervise/local_ranks.hpp"

#include <string>

namespace runner {

/// Gives each of this process's ranks its job: the `common` one, with its place among the others.
/// `address` is this machine's, as the other ranks reach it.
void give_jobs(LocalRanks& ranks, const protocol::Job& common, const Placement& placement,
               const Launch& launch, const std::string& address);

}  // namespace runner
