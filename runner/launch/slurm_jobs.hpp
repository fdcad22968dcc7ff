#pragma once

#include "experiments/store.hpp"

#include <optional>
#include <string>

namespace runner {

/// How a job stands, from what `squeue -h -t all -o '%A %T'` prints: "PENDING", "CANCELLED" ...;
/// "gone" when Slurm no longer knows it; empty when the text is, since then nobody answered.
std::optional<std::string> job_state(const std::string& squeue, const std::string& job_id);

/// Asks Slurm for the jobs of runs that seem to wait or to run elsewhere, if there are any, and
/// ends those whose job has ended: a job that was cancelled before its start tells nobody.
void settle_slurm_jobs(Store& store);

/// Puts this job back into the queue, which ends its processes; gives Slurm's words if it refuses.
std::string requeue_slurm_job(const std::string& job_id);

}  // namespace runner
