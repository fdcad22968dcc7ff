#include "runner/supervise/jobs.hpp"

#include <sched.h>
#include <unistd.h>

namespace runner {
namespace {

/// Whether the launcher has given this process cores of its own.
bool has_own_cores() {
  cpu_set_t mine;
  return sched_getaffinity(0, sizeof mine, &mine) == 0 &&
         CPU_COUNT(&mine) < sysconf(_SC_NPROCESSORS_ONLN);
}

}  // namespace

void give_jobs(LocalRanks& ranks, const Json& common, const Placement& placement,
               const Launch& launch, const std::string& address) {
  const bool started_here = !launch.meeting;
  for (int i = 0; i < ranks.count(); ++i) {
    auto job = common;
    job["rank"] = ranks.first() + i;
    job["local_rank"] = launch.first_gpu + launch.local_rank + i;
    job["world_size"] = launch.world_size;
    job["address"] = address;
    job["device"] = placement.device;
    job["timeout_ms"] = static_cast<std::int64_t>(1000 * placement.timeout);
    if (placement.threads) job["threads"] = *placement.threads;
    if (launch.cpus_per_rank) job["most_threads"] = *launch.cpus_per_rank;
    const int sharers = launch.parts * launch.node_ranks;
    if (sharers > 1 && (started_here || !has_own_cores()))
      job["cores"] = {launch.part * launch.node_ranks + launch.local_rank + i, sharers};
    ranks.send(ranks.first() + i, job);
  }
}

}  // namespace runner
