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

void give_jobs(LocalRanks& ranks, const protocol::Job& common, const Placement& placement,
               const Launch& launch, const std::string& address) {
  const bool started_here = !launch.meeting;
  auto job = common;
  auto& place = job.place;
  place.world_size = launch.world_size;
  place.address = address;
  place.device = placement.device;
  place.timeout_ms = static_cast<std::int64_t>(1000 * placement.timeout);
  place.threads = placement.threads;
  place.most_threads = launch.cpus_per_rank;
  const int sharers = launch.parts * launch.node_ranks;
  const bool share_cores = sharers > 1 && (started_here || !has_own_cores());
  for (int i = 0; i < ranks.count(); ++i) {
    place.rank = ranks.first() + i;
    place.local_rank = launch.first_gpu + launch.local_rank + i;
    if (share_cores)
      place.cores = {launch.part * launch.node_ranks + launch.local_rank + i, sharers};
    ranks.send(place.rank, job);
  }
}

}  // namespace runner
